/**
 * One exchange from the whole request to the last byte. {@code Flow} is the product on one screen.
 */
@NullMarked
package dev.pillion.sidecar.exchange;

import org.jspecify.annotations.NullMarked;

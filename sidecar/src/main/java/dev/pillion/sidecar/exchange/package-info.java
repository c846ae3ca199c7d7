/** One request's way through, in the order of the traffic. */
@NullMarked
package dev.pillion.sidecar.exchange;

import org.jspecify.annotations.NullMarked;

/** What can go wrong, whose fault it is, and whether to try again. */
@NullMarked
package dev.pillion.protocol.fault;

import org.jspecify.annotations.NullMarked;

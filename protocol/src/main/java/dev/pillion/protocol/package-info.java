/** The vocabulary: values and their JSON. No I/O, no threads, no clock. */
@NullMarked
package dev.pillion.protocol;

import org.jspecify.annotations.NullMarked;

/** Connections to the vendors. */
@NullMarked
package dev.pillion.sidecar.upstream;

import org.jspecify.annotations.NullMarked;

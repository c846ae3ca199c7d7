/** The vendor connections: pooled per event loop, with a timeout for every phase. */
@NullMarked
package dev.pillion.sidecar.upstream;

import org.jspecify.annotations.NullMarked;

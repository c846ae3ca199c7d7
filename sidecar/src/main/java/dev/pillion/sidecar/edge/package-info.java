/** Listeners, HTTP framing, peer credentials, and the way out. */
@NullMarked
package dev.pillion.sidecar.edge;

import org.jspecify.annotations.NullMarked;

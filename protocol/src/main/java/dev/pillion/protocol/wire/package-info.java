/** Strict JSON, and server-sent events read and written under any chunking. */
@NullMarked
package dev.pillion.protocol.wire;

import org.jspecify.annotations.NullMarked;

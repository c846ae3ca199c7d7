/** Bytes and text: strict JSON, server-sent events, headers. */
@NullMarked
package dev.pillion.protocol.wire;

import org.jspecify.annotations.NullMarked;

package dev.pillion.adapters;

import dev.pillion.protocol.wire.Headers;

/**
 * What a client sent on a surface.
 *
 * @param body the whole body, never changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record Surface(String path, Headers headers, byte[] body) {}

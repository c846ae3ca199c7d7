package dev.pillion.adapters;

import dev.pillion.protocol.wire.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent on a surface.
 *
 * @param path the raw path, percent-encoding kept, without the query
 * @param query what follows the question mark, raw; null without one
 * @param body the whole body, never changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record Surface(String path, @Nullable String query, Headers headers, byte[] body) {
    public Surface(String path, Headers headers, byte[] body) {
        this(path, null, headers, body);
    }
}

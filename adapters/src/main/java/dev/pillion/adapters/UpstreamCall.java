package dev.pillion.adapters;

import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP call to a vendor, rendered; its credentials are added when it is sent.
 *
 * @param path path and query below the provider's base address
 * @param headers without credentials, host and framing
 * @param body slices, written one after the other
 * @param stream whether an event stream is asked for
 * @param dropped what was left out, under {@code lossy: allow} or as a mere hint, by field
 * @param effortUsed the effort level sent; null: none
 */
public record UpstreamCall(
        String method,
        String path,
        Headers headers,
        List<ByteBuffer> body,
        boolean stream,
        List<String> dropped,
        @Nullable Effort effortUsed) {

    /** The same, where that was left out before it was rendered. */
    public UpstreamCall without(List<String> fields) {
        if (fields.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(dropped);
        fields.stream().filter(field -> !dropped.contains(field)).forEach(all::add);
        return new UpstreamCall(method, path, headers, body, stream, List.copyOf(all), effortUsed);
    }

    public long bodyBytes() {
        return body.stream().mapToLong(ByteBuffer::remaining).sum();
    }
}

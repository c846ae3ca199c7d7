package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A request line and its headers, read and found well-formed.
 *
 * @param path raw, percent-encoding kept
 * @param keepAlive whether the client wants the connection kept
 * @param contentLength -1 when none is stated
 * @param expectContinue whether the client waits for 100 before it sends the body
 */
record RequestHead(
        String method,
        String path,
        @Nullable String query,
        Headers headers,
        @Nullable String host,
        boolean http11,
        boolean keepAlive,
        long contentLength,
        boolean chunked,
        boolean expectContinue) {

    boolean hasBody() {
        return chunked || contentLength > 0;
    }
}

package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Inflation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request line and its headers, read and found well-formed.
 *
 * @param path raw, percent-encoding kept
 * @param keepAlive whether the client wants the connection kept
 * @param contentLength -1 when none is stated
 * @param expectContinue whether the client waits for 100 before it sends the body
 * @param codings how the body is packed, in the order in which that is to be undone; its header is
 *     not among the headers, since nobody behind sees a packed body
 * @param refusal why it can't be served though it can be read; null: nothing yet
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
        boolean expectContinue,
        List<Inflation.Coding> codings,
        @Nullable EdgeFault refusal) {

    boolean hasBody() {
        return chunked || contentLength > 0;
    }
}

package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.wire.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One whole request as it came in.
 *
 * @param id Pillion's own id of the request
 * @param peer null on TCP
 * @param path the raw path, percent-encoding kept, without the query
 * @param body never changed
 * @param beganNanos when its first byte was read, on the loop's clock
 * @param busyNanos time spent in Pillion on reading it, waits for the client left out
 * @param completeNanos when its last byte was read, on the loop's clock
 */
@SuppressWarnings("ArrayRecordComponent")
public record Inbound(
        String id,
        Door door,
        @Nullable Peer peer,
        String method,
        String path,
        @Nullable String query,
        Headers headers,
        byte[] body,
        long beganNanos,
        long busyNanos,
        long completeNanos) {

    /** The user at the other end, as the kernel says; null on TCP, where nobody knows. */
    @Nullable Long uid() {
        return peer == null ? null : Integer.toUnsignedLong(peer.uid());
    }
}

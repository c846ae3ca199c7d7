package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * One HTTP request to a vendor, ready to be sent; {@code host} and framing headers are added.
 *
 * @param path path and query below the endpoint's base
 * @param headers credentials included; never logged
 * @param body slices, written one after the other, never changed
 * @param firstByte from the request being written until the first byte of the answer
 * @param idle between two reads of the answer
 * @param once whether it must never be sent twice: then it goes over a fresh connection, since an
 *     idle one may be closed at the moment of use
 */
public record VendorRequest(
        Endpoint endpoint,
        String method,
        String path,
        Headers headers,
        List<ByteBuffer> body,
        Duration firstByte,
        Duration idle,
        boolean once) {

    /** A request that may be sent a second time when an idle connection turns out closed. */
    public VendorRequest(
            Endpoint endpoint,
            String method,
            String path,
            Headers headers,
            List<ByteBuffer> body,
            Duration firstByte,
            Duration idle) {
        this(endpoint, method, path, headers, body, firstByte, idle, false);
    }
}

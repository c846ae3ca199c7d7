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
 */
public record VendorRequest(
        Endpoint endpoint,
        String method,
        String path,
        Headers headers,
        List<ByteBuffer> body,
        Duration firstByte,
        Duration idle) {}

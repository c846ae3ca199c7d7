package dev.pillion.sidecar.edge;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Door;

/** Puts what the edge refuses into the shape of the surface spoken; called on the loop. */
@FunctionalInterface
public interface ErrorBody {

    Answer render(Refused refused);

    /**
     * What is refused, and why.
     *
     * @param method empty when the request line could not be read
     * @param path empty when the request line could not be read; the raw path otherwise
     * @param headers none when they could not be read
     * @param status what HTTP calls it (408 and 431 have no fault kind of their own)
     */
    record Refused(
            String requestId,
            Door door,
            String method,
            String path,
            Headers headers,
            int status,
            Fault fault) {}

    /** A whole answer; framing headers are added by the edge. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, Headers headers, byte[] body) {}
}

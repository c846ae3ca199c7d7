package dev.pillion.sidecar.edge;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Door;
import dev.pillion.sidecar.exchange.Peer;
import org.jspecify.annotations.Nullable;

/** Puts what the edge refuses into the shape of the surface spoken; called on the loop. */
@FunctionalInterface
public interface ErrorBody {

    /** The answer; each request that the edge refuses is told here once. */
    Answer render(Refused refused);

    /**
     * A client left when its request's head had come, before a handler had the request.
     *
     * @param left its status and fault say nothing
     */
    default void gone(Refused left) {}

    /**
     * What is refused, and why.
     *
     * @param method empty when the request line could not be read
     * @param path empty when the request line could not be read; the raw path otherwise
     * @param headers none when they could not be read
     * @param peer null on TCP
     * @param beganNanos when its first byte was read, by {@link System#nanoTime}
     * @param status what HTTP calls it (408 and 431 have no fault kind of their own)
     */
    record Refused(
            String requestId,
            Door door,
            String method,
            String path,
            Headers headers,
            @Nullable Peer peer,
            long beganNanos,
            int status,
            Fault fault) {}

    /** A whole answer; framing headers are added by the edge. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, Headers headers, byte[] body) {}
}

package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.telemetry.RequestRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request that never came to its flow, for the log: the edge refused it, or its client left while
 * it was read.
 *
 * @param path empty where the request line could not be read
 * @param beganNanos when its first byte was read, by {@link System#nanoTime}
 */
public record Unserved(
        String requestId, String path, Headers headers, @Nullable Peer peer, long beganNanos) {

    /** Its line; {@code outcome} is a fault's kind, or {@code cancelled}. */
    public RequestRecord line(int status, String outcome, Snapshot snapshot, Instant now) {
        long nanos = System.nanoTime() - beganNanos;
        Wishes wishes = wishes();
        return new RequestRecord(
                now.minusNanos(nanos),
                requestId,
                wishes == null ? null : wishes.traceId(),
                Books.UNKNOWN,
                peer == null ? null : Integer.toUnsignedLong(peer.uid()),
                surface(snapshot),
                null,
                null,
                null,
                null,
                false,
                status,
                outcome,
                null,
                List.of(),
                Usage.NONE,
                new Cost(BigDecimal.ZERO, false, null),
                null,
                TimeUnit.NANOSECONDS.toMillis(nanos),
                0,
                Map.of());
    }

    private @Nullable Wishes wishes() {
        try {
            return Wishes.of(headers);
        } catch (FaultException e) { // it is refused already, and says for what
            return null;
        }
    }

    private String surface(Snapshot snapshot) {
        RawPath raw = RawPath.of(path, snapshot);
        AnyDialect dialect = raw == null ? Surfaces.of(path) : raw.dialect();
        return dialect == null ? NotServed.SURFACE : dialect.surface();
    }
}

package dev.pillion.sidecar;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.edge.ErrorBody;
import dev.pillion.sidecar.exchange.Door;
import dev.pillion.sidecar.exchange.Surfaces;
import dev.pillion.sidecar.exchange.Unserved;
import dev.pillion.sidecar.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the edge refuses, in the shape of the surface that the path speaks, and in the request log
 * as every other request.
 */
final class Refusals implements ErrorBody {
    /** What the log says where the client left before anything was sent. */
    private static final int CLIENT_GONE = 499;

    private final Supplier<Snapshot> snapshot;
    private final Telemetry telemetry;
    private final InstantSource clock;

    Refusals(Supplier<Snapshot> snapshot, Telemetry telemetry, InstantSource clock) {
        this.snapshot = snapshot;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    @Override
    public Answer render(Refused refused) {
        Snapshot now = snapshot.get();
        told(refused, refused.status(), refused.fault().kind().wire(), now);
        AnyDialect dialect = Surfaces.forErrors(refused.path(), now);
        Headers headers =
                Headers.of(
                                "content-type",
                                "application/json",
                                "x-pillion-request-id",
                                refused.requestId())
                        .plus(dialect.errors().headers(refused.requestId()));
        if (refused.status() == 503 || refused.status() == 429) {
            headers = headers.plus(Headers.of("retry-after", "1"));
        }
        var context = new ErrorContext(refused.requestId(), null, List.of());
        return new Answer(
                refused.status(), headers, dialect.errors().body(refused.fault(), context));
    }

    @Override
    public void gone(Refused left) {
        told(left, CLIENT_GONE, "cancelled", snapshot.get());
    }

    private void told(Refused request, int status, String outcome, Snapshot now) {
        if (request.door() != Door.DATA_SOCKET && request.door() != Door.DATA_TCP) {
            return;
        }
        var unserved =
                new Unserved(
                        request.requestId(),
                        request.path(),
                        request.headers(),
                        request.peer(),
                        request.beganNanos());
        telemetry.finished(unserved.line(status, outcome, now, clock.instant()));
    }
}

package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.CountDialect;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.EmbedDialect;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.RawDialect;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.admit.Admission;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Work;
import dev.pillion.sidecar.plan.Explanation;
import dev.pillion.sidecar.plan.Planner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans a request that nobody is to answer, and says why so. Nothing is sent, permitted, booked or
 * logged, and no target's health is touched. Any thread may ask.
 */
public final class DryRun {
    private final Supplier<Snapshot> snapshot;
    private final Admission admission;
    private final Planner planner;

    public DryRun(Supplier<Snapshot> snapshot, Admission admission, Planner planner) {
        this.snapshot = snapshot;
        this.admission = admission;
        this.planner = planner;
    }

    /**
     * How the request would be planned now.
     *
     * @param path of the surface that it would be posted to
     * @param headers those of Pillion's own are heeded
     * @throws dev.pillion.protocol.fault.FaultException that says what is wrong with it
     */
    public Explanation explain(String path, Headers headers, byte[] body) {
        Snapshot now = snapshot.get();
        var in =
                new Inbound(
                        "explain", Door.ADMIN, null, "POST", path, null, headers, body, 0, 0, 0);
        var client = new Surface(path, null, headers, body);
        var asking = new Asking(in, client, Work.of(dialect(path), client));
        Outline outline = asking.read();
        Admitted caller = admission.admit(now, asking.claim());
        return planner.explain(now, asking.ask(outline, caller));
    }

    private static AnyDialect dialect(String path) {
        @Nullable AnyDialect dialect = Surfaces.of(path);
        return switch (dialect) {
            case null -> throw unplanned(path);
            case Dialect _, EmbedDialect _, CountDialect _ -> dialect;
            case ModelsDialect _, RawDialect _ -> throw unplanned(path);
        };
    }

    private static RuntimeException unplanned(String path) {
        return Fault.invalid(
                        "path: nothing that is posted to '"
                                + path
                                + "' is planned (expected: a surface's path, as /v1/generate)",
                        null)
                .asException();
    }
}

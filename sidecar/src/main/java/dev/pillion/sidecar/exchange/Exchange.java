package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.admit.Claim;
import dev.pillion.sidecar.admit.Permit;
import dev.pillion.sidecar.admit.Reserve;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Dispatch;
import dev.pillion.sidecar.dispatch.Job;
import dev.pillion.sidecar.dispatch.Outcome;
import dev.pillion.sidecar.dispatch.Work;
import dev.pillion.sidecar.plan.Ask;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.telemetry.Telemetry;
import dev.pillion.sidecar.upstream.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One request on its way through the stages. It lives on one loop and shares nothing. */
final class Exchange {
    /** All attempts together, when the caller sets no deadline of its own. */
    private static final Duration LONGEST = Duration.ofMinutes(20);

    /** What every exchange uses. */
    record Services(
            Executor offLoop,
            Ledger ledger,
            Telemetry telemetry,
            TokenEstimator estimator,
            InstantSource clock) {}

    private final Inbound in;
    private final Snapshot snapshot;
    private final Services services;
    private final Surface client;
    private final Loop loop;
    private final Work work;
    private final ReplyWriter writer;
    private final Asking asking;

    Exchange(
            Inbound in,
            Responder out,
            Work work,
            Surface client,
            Snapshot snapshot,
            Services services) {
        this.in = in;
        this.asking = new Asking(in, client, work);
        this.snapshot = snapshot;
        this.services = services;
        this.client = client;
        this.work = work;
        this.loop = out.loop();
        this.writer = new ReplyWriter(in, out, work.dialect(), client, snapshot, services);
    }

    /** Reads headers and body; hands on the outline on the loop, or answers with what is wrong. */
    void readBody(Consumer<Outline> next) {
        if (in.body().length <= Asking.MAX_ON_LOOP_BYTES) {
            read(next);
            return;
        }
        services.offLoop()
                .execute(() -> {
                    Outline outline;
                    try {
                        outline = outline();
                    } catch (FaultException e) {
                        loop.execute(() -> writer.refuse(e.fault()));
                        return;
                    } catch (RuntimeException e) {
                        loop.execute(() -> writer.broken(e, Outcome.NONE));
                        return;
                    }
                    loop.execute(() -> {
                        if (!writer.over()) { // nobody is asked for a client that has left
                            next.accept(outline);
                        }
                    });
                });
    }

    private void read(Consumer<Outline> next) {
        Outline outline;
        try {
            outline = outline();
        } catch (FaultException e) {
            writer.refuse(e.fault());
            return;
        } catch (RuntimeException e) {
            writer.broken(e, Outcome.NONE);
            return;
        }
        next.accept(outline);
    }

    private Outline outline() {
        Outline outline = asking.read();
        writer.understood(outline, asking.wishes());
        return outline;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Loop loop() {
        return loop;
    }

    ReplyWriter answer() {
        return writer;
    }

    Claim claim() {
        return asking.claim();
    }

    /** What the planner must know; the same facts whether the request was scanned or decoded. */
    Ask ask(Outline outline, Admitted caller) {
        return asking.ask(outline, caller);
    }

    /**
     * Whether two vendors may be asked at once. What names something that a vendor stores may
     * change it, and so is not done twice.
     */
    private boolean hedge(Plan plan) {
        Boolean asked = asking.wishes().hedge();
        ChatRequest decoded = work.chat();
        ModelClass modelClass = plan.modelClass() == null ? null : ModelClass.of(plan.modelClass());
        RoutingConfig.ClassRoute route =
                modelClass == null ? null : snapshot.config().routing().classes().get(modelClass);
        boolean wanted =
                asked != null
                        ? asked
                        : (decoded != null && decoded.route().hedge())
                                || (route != null && route.hedge());
        return wanted && asking.stored().isEmpty();
    }

    /** What is to be answered, and how. */
    Job job(Outline outline, Plan plan) {
        Wishes wishes = asking.wishes();
        Duration asked = wishes.deadline();
        ChatRequest decoded = work.chat();
        if (asked == null && decoded != null) {
            asked = decoded.budget().deadline();
        }
        Duration longest = asked == null ? LONGEST : asked;
        return new Job(
                work,
                client,
                outline,
                outline.stream(),
                wishes.lossy(),
                wishes.passthrough(),
                asking.failover(),
                hedge(plan),
                in.completeNanos() + longest.toNanos());
    }

    void admitted(Admitted caller) {
        writer.admitted(caller);
    }

    void planned(Plan plan) {
        writer.planned(plan, asking.failover());
        if (asking.explain()) {
            writer.explained(plan.explanation());
        }
    }

    /** What is held back for it; of a caller without a budget nothing needs to be. */
    Reserve foreseen(Outline outline, Admitted caller, Plan plan) {
        return caller.budgetUsdPerDay() == null
                ? Reserve.FREE
                : Foreseen.of(work, outline, plan, in.method(), services.clock().instant());
    }

    void permitted(Permit permit) {
        writer.permitted(permit);
    }

    void begun(Dispatch dispatch) {
        writer.begun(dispatch);
    }

    void refused(Fault fault) {
        writer.refuse(fault);
    }

    /** A defect of ours, wherever it was met. */
    void broken(RuntimeException defect) {
        writer.broken(defect, Outcome.NONE);
    }
}

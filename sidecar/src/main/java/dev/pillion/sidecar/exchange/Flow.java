package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.admit.Admission;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.admit.Budgets;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Dispatcher;
import dev.pillion.sidecar.dispatch.Work;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Planner;
import dev.pillion.sidecar.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What happens to every request, in the order in which it happens. Each stage takes what only the
 * one before it can make; a fault thrown in any of them is the answer.
 *
 * <pre>
 * bytes ─edge→ Inbound ─outline→ Outline ─admit→ Admitted ─plan→ Plan ─dispatch→ attempts
 * bytes ←edge─ ReplyWriter ←─────────────── first content commits ──────────────────┘
 * </pre>
 */
public final class Flow implements Handler {
    private final Supplier<Snapshot> snapshot;
    private final Admission admission;
    private final Budgets budgets;
    private final Planner planner;
    private final Dispatcher dispatcher;
    private final Exchange.Services services;

    public Flow(
            Supplier<Snapshot> snapshot,
            Admission admission,
            Budgets budgets,
            Planner planner,
            Dispatcher dispatcher,
            Executor offLoop,
            Ledger ledger,
            Telemetry telemetry,
            TokenEstimator estimator,
            InstantSource clock) {
        this.snapshot = snapshot;
        this.admission = admission;
        this.budgets = budgets;
        this.planner = planner;
        this.dispatcher = dispatcher;
        this.services = new Exchange.Services(offLoop, ledger, telemetry, estimator, clock);
    }

    @Override
    public void handle(Inbound in, Responder out) {
        Snapshot now = snapshot.get();
        AnyDialect dialect = Surfaces.of(in);
        RawPath raw = dialect == null ? RawPath.of(in.path(), now) : null;
        AnyDialect spoken = raw == null ? dialect : raw.dialect();
        if (spoken == null || !Surfaces.methods(spoken).contains(in.method())) {
            NotServed.answer(in, out, spoken, now, services);
        } else if (spoken instanceof ModelsDialect names) {
            new Listing(in, out, names, now, services).answer(admission);
        } else {
            var client = new Surface(in.path(), in.query(), in.headers(), in.body());
            Work work = raw == null ? Work.of(spoken, client) : raw.work(in);
            var exchange = new Exchange(in, out, work, client, now, services);
            exchange.readBody(outline -> answer(exchange, outline));
        }
    }

    /** The request is understood: who asks, who can answer, and then whoever does answer. */
    private void answer(Exchange exchange, Outline outline) {
        try {
            Admitted caller = admission.admit(exchange.snapshot(), exchange.claim());
            exchange.admitted(caller);
            Plan plan = planner.plan(exchange.snapshot(), exchange.ask(outline, caller));
            exchange.planned(plan);
            exchange.permitted(budgets.take(caller, exchange.foreseen(outline, caller, plan)));
            exchange.begun(
                    dispatcher.start(
                            plan, exchange.job(outline, plan), exchange.loop(), exchange.answer()));
        } catch (FaultException e) {
            exchange.refused(e.fault());
        } catch (RuntimeException e) {
            exchange.broken(e);
        }
    }
}

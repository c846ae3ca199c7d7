package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.StoredIds;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.health.Trial;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.upstream.Loop;
import dev.pillion.sidecar.upstream.Vendors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request's way through the targets. Lives on its exchange's loop. */
public final class Dispatch implements Attempt.Owner {
    /** A vendor that asks for more patience than this is told of to the caller instead. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Vendors vendors;
    private final Loop loop;
    private final Job job;
    private final Route route;
    private final Rendering rendering;
    private final Spent spent;
    private final Tally tally;
    private final Answer answer;
    private final Function<Target, @Nullable StoredIds> watch;
    private final Health health;
    private final VendorTime waits;
    private final List<Attempt> running = new ArrayList<>(2);
    private @Nullable Attempt winner;
    private @Nullable Target lastTarget;
    private @Nullable Fault lastFault;
    private Loop.@Nullable Timer pause;
    private boolean left;
    private boolean hedged;
    private boolean closed;
    private boolean over;
    private boolean paused;

    Dispatch(
            Vendors vendors,
            Loop loop,
            Job job,
            Route route,
            Rendering rendering,
            Spent spent,
            Tally tally,
            Answer answer,
            Function<Target, @Nullable StoredIds> watch,
            Health health) {
        this.vendors = vendors;
        this.loop = loop;
        this.job = job;
        this.route = route;
        this.rendering = rendering;
        this.spent = spent;
        this.tally = tally;
        this.answer = answer;
        this.watch = watch;
        this.health = health;
        this.waits = new VendorTime(loop);
    }

    /** Asks the next target, or gives up; a defect met on the way is an answer too. */
    void next() {
        guarded(this::askNext);
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            end();
            answer.broken(e, outcome());
        }
    }

    private void askNext() {
        pause = null;
        while (!over) {
            Route.Step step = route.next();
            if (step == null) {
                giveUp();
                return;
            }
            // Nobody waits for what may not be asked any more.
            if (step.waitNanos() > 0 && spent.whyNot(step.target()) == null) {
                await(step);
                return;
            }
            if (ask(step.target())) {
                return;
            }
        }
    }

    private void await(Route.Step step) {
        boolean tooLong = step.waitNanos() > LONGEST_WAIT_NANOS;
        if (tooLong || loop.nanos() + step.waitNanos() >= job.deadlineNanos()) {
            giveUp();
            return;
        }
        waits.pause(step.waitNanos());
        pause =
                loop.after(
                        step.waitNanos(),
                        () ->
                                guarded(() -> {
                                    if (!over && !ask(step.target())) {
                                        askNext();
                                    }
                                }));
    }

    /** Renders and sends; false when the target can't express the request. */
    private boolean ask(Target target) {
        if (leftNanos() <= 0) {
            giveUp();
            return true;
        }
        Fault problem = spent.whyNot(target);
        if (problem == null) {
            lastTarget = target;
            problem = send(target);
        }
        if (problem == null) {
            return true;
        }
        route.notAsked();
        note(target, problem, true);
        if (closed) {
            giveUp();
        }
        return closed;
    }

    private long leftNanos() {
        return job.deadlineNanos() - loop.nanos();
    }

    /** Why nothing was sent; null: it was. */
    private @Nullable Fault send(Target target) {
        Forwarding same = rendering.asItIs(target);
        UpstreamCall call;
        try {
            call = rendering.call(target, same);
        } catch (FaultException e) {
            return e.fault();
        }
        boolean passed = same != null || job.work() instanceof Work.Raw;
        var attempt =
                new Attempt(
                        this,
                        loop,
                        target,
                        call,
                        passed,
                        watch.apply(target),
                        trial(target),
                        waits);
        long leftNanos = leftNanos();
        attempt.send(vendors, rendering.request(target, call, leftNanos));
        running.add(attempt);
        spent.begun(target);
        long totalNanos = Patience.of(target.timeouts(), job, call).total().toNanos();
        attempt.limit(
                totalNanos < leftNanos
                        ? loop.after(totalNanos, attempt::tooLong)
                        : loop.after(leftNanos, this::deadline));
        watchHanging(attempt);
        watchSilence(attempt);
        return null;
    }

    /** One that is silent for longer than is usual there gets company, once in a request. */
    private void watchSilence(Attempt attempt) {
        Trial trial = attempt.trial();
        boolean may = job.hedge() && !hedged && job.work().repeatable() && route.hasOthers();
        long silentNanos = may && trial != null ? trial.p95Nanos() : 0;
        if (silentNanos > 0) {
            attempt.hedge(loop.after(silentNanos, () -> guarded(this::hedge)));
        }
    }

    /** Asks a second one; whoever has content first wins. */
    private void hedge() {
        Target second = over || winner != null || leftNanos() <= 0 ? null : route.besides();
        if (second == null || spent.whyNot(second) != null || !route.take(second)) {
            return;
        }
        hedged = true;
        Fault problem = send(second);
        if (problem != null) {
            route.notAsked();
            route.after(second, problem);
        }
    }

    /**
     * Looks in time whether a streamed call hangs: then it is left for another target. Once only,
     * for a request may be slow by nature; at the last target there is all the time that there is.
     */
    private void watchHanging(Attempt attempt) {
        Trial trial = attempt.trial();
        if (trial != null && job.stream() && !left && route.hasOthers()) {
            look(attempt, trial, trial.patienceNanos());
        }
    }

    private void look(Attempt attempt, Trial trial, long afterNanos) {
        attempt.patience(loop.after(afterNanos, () -> guarded(() -> look(attempt, trial))));
    }

    private void look(Attempt attempt, Trial trial) {
        boolean others = running.size() > 1 || route.hasOthers();
        if (over || attempt == winner || !others) {
            return;
        }
        if (trial.hangs()) {
            left = true;
            attempt.hangs();
        } else {
            look(attempt, trial, LOOK_AGAIN_NANOS);
        }
    }

    /** What vectors and answers take tells of the target; counts and raw calls are too unlike. */
    private @Nullable Trial trial(Target target) {
        return switch (job.work()) {
            case Work.Chat _, Work.Embed _ ->
                    health.of(target.provider(), target.model().id())
                            .begin(job.stream(), tally.freshTokens(target));
            case Work.Count _, Work.Raw _ -> null;
        };
    }

    /**
     * Takes note of the fault; after some nobody is asked any more.
     *
     * @param mayAskOn whether the work may be done by another one
     */
    private void note(Target target, Fault fault, boolean mayAskOn) {
        if (closed) {
            return;
        }
        closed = !(mayAskOn && route.after(target, fault));
        if (closed || lastFault == null || fault.kind() != FaultKind.UNSUPPORTED) {
            lastFault = fault;
        }
    }

    private void deadline() {
        if (!over) {
            stop(null, FaultKind.TIMEOUT.wire());
            lastFault = noTime();
            giveUp();
        }
    }

    @Override
    public boolean answers(int status) {
        return rendering.answers(status);
    }

    @Override
    public Reply reply(Attempt attempt, Headers headers) {
        if (paused) {
            attempt.pause();
        }
        return rendering.reply(attempt, headers, this::mayAskElsewhereIfBlocked);
    }

    private boolean mayAskElsewhereIfBlocked() {
        return route.mayAskElsewhereIfBlocked(running.size() > 1);
    }

    @Override
    public void wins(Attempt attempt) {
        winner = attempt;
        lastTarget = attempt.target();
        stop(attempt, Outcome.HEDGED);
    }

    @Override
    public void completed(Attempt attempt) {
        ended(attempt, Outcome.OK);
        end();
        answer.done(outcome());
    }

    @Override
    public void failed(Attempt attempt, Fault fault) {
        if (attempt.trial() != null) {
            Verdict.on(fault, attempt.target(), attempt.trial(), health);
        }
        ended(attempt, fault.kind().wire());
        if (attempt == winner) {
            end();
            answer.failed(fault, outcome());
            return;
        }
        lastTarget = attempt.target();
        note(attempt.target(), fault, mayAskOn(attempt, fault));
        if (!running.isEmpty()) {
            return; // the other one may answer yet
        }
        if (closed) {
            giveUp();
        } else {
            next();
        }
    }

    private void ended(Attempt attempt, String how) {
        running.remove(attempt);
        tally.add(attempt, how);
        attempt.release();
    }

    /** Stops all that is under way, but for one. */
    private void stop(@Nullable Attempt but, String how) {
        for (Attempt each : List.copyOf(running)) {
            if (each != but) {
                each.cancel();
                ended(each, how);
            }
        }
    }

    /** Where work must not be done twice, only when it has surely not been done once. */
    private boolean mayAskOn(Attempt attempt, Fault fault) {
        return job.work().repeatable()
                || attempt.undone()
                || fault.origin() == Origin.CREDENTIAL
                || fault.kind() == FaultKind.RATE_LIMITED
                || fault.kind() == FaultKind.QUOTA_EXHAUSTED;
    }

    @Override
    public void broken(Attempt attempt, RuntimeException defect) {
        ended(attempt, FaultKind.INTERNAL.wire());
        end();
        answer.broken(defect, outcome());
    }

    private void giveUp() {
        Fault fault = lastFault == null ? noTime() : lastFault;
        end();
        answer.failed(fault, outcome());
    }

    private static Fault noTime() {
        return Fault.network(FaultKind.TIMEOUT, "the request's deadline has passed");
    }

    private void end() {
        over = true;
        if (pause != null) {
            pause.cancel();
        }
        stop(null, Outcome.CANCELLED);
    }

    /** The client has gone: whatever is under way is stopped. */
    public Outcome cancel() {
        if (!over) {
            end();
        }
        return outcome();
    }

    /** The client is slow: read no more from the vendors until {@link #resume}. */
    public void pause() {
        paused = true;
        running.forEach(Attempt::pause);
    }

    public void resume() {
        paused = false;
        running.forEach(Attempt::resume);
    }

    /** Time so far that was the vendors'. */
    public long vendorWaitNanos() {
        return waits.nanos();
    }

    /** Attempts so far, those under way included. */
    public int attempts() {
        return tally.attempts() + running.size();
    }

    private Outcome outcome() {
        return new Outcome(
                lastTarget,
                winner == null ? null : winner.stop(),
                tally.tried(),
                winner == null ? List.of() : winner.sources(),
                tally.dropped(),
                tally.effortUsed(),
                waits.nanos());
    }
}

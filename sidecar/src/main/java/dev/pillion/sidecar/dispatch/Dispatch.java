package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.StoredIds;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.health.Trial;
import dev.pillion.sidecar.plan.Habits;
import dev.pillion.sidecar.plan.Load;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.upstream.Loop;
import dev.pillion.sidecar.upstream.VendorRequest;
import dev.pillion.sidecar.upstream.Vendors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
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
    private final Answer answer;
    private final Supplier<Memory> memory;
    private final Executor offLoop;
    private final List<Outcome.Tried> tried = new ArrayList<>();
    private final Function<Target, @Nullable StoredIds> watch;
    private final Health health;
    private final Habits habits;
    private final Load load;
    private final Spent spent;
    private final List<String> dropped = new ArrayList<>();
    private @Nullable Attempt current;
    private @Nullable Reply reply;
    private @Nullable Target lastTarget;
    private @Nullable Fault lastFault;
    private Loop.@Nullable Timer timer;
    private Loop.@Nullable Timer patience;
    private boolean left;
    private @Nullable Effort effortUsed;
    private long waitNanos;
    private boolean over;
    private boolean paused;

    Dispatch(
            Vendors vendors,
            Loop loop,
            Job job,
            Route route,
            Spent spent,
            Answer answer,
            Supplier<Memory> memory,
            Executor offLoop,
            Function<Target, @Nullable StoredIds> watch,
            Health health,
            Habits habits,
            Load load) {
        this.vendors = vendors;
        this.loop = loop;
        this.job = job;
        this.route = route;
        this.spent = spent;
        this.answer = answer;
        this.memory = memory;
        this.offLoop = offLoop;
        this.watch = watch;
        this.health = health;
        this.habits = habits;
        this.load = load;
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
        timer = null;
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
        waitNanos += step.waitNanos();
        timer =
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
        long leftNanos = job.deadlineNanos() - loop.nanos();
        if (leftNanos <= 0) {
            giveUp();
            return true;
        }
        Fault tooDear = spent.whyNot(target);
        if (tooDear != null) {
            route.notAsked();
            return !follow(target, tooDear);
        }
        lastTarget = target;
        Forwarding same = sameFormat(target, job.work().dialect().passthrough());
        UpstreamCall call;
        try {
            call =
                    same == null
                            ? job.work().call(target, job.lossy())
                            : same.call(job.client(), job.outline(), target.model().traits().id());
        } catch (FaultException e) {
            route.notAsked();
            return !follow(target, e.fault());
        }
        boolean passed = same != null || job.work() instanceof Work.Raw;
        current = new Attempt(this, loop, target, call, passed, watch.apply(target), trial(target));
        current.send(vendors, request(target, call, leftNanos));
        long totalNanos = target.timeouts().total().toNanos();
        timer =
                totalNanos < leftNanos
                        ? loop.after(totalNanos, current::tooLong)
                        : loop.after(leftNanos, this::deadline);
        watchHanging(current);
        return true;
    }

    /**
     * Looks in time whether a streamed call hangs: then it is left for another target. Once only,
     * for a request may be slow by nature; at the last target there is all the time that there is.
     */
    private void watchHanging(Attempt attempt) {
        Trial trial = attempt.trial();
        if (trial != null && job.stream() && !left && route.hasOthers()) {
            patience = loop.after(trial.patienceNanos(), () -> guarded(() -> look(attempt, trial)));
        }
    }

    private void look(Attempt attempt, Trial trial) {
        patience = null;
        if (over || attempt != current || attempt.answering()) {
            return;
        }
        if (trial.hangs()) {
            left = true;
            attempt.hangs();
        } else {
            patience = loop.after(LOOK_AGAIN_NANOS, () -> guarded(() -> look(attempt, trial)));
        }
    }

    /** What vectors and answers take tells of the target; counts and raw calls are too unlike. */
    private @Nullable Trial trial(Target target) {
        return switch (job.work()) {
            case Work.Chat _, Work.Embed _ ->
                    health.of(target.provider(), target.model().id())
                            .begin(job.stream(), load.inputTokens());
            case Work.Count _, Work.Raw _ -> null;
        };
    }

    /** Whether the next target may be asked after the fault; gives up otherwise. */
    private boolean follow(Target target, Fault fault) {
        if (lastFault == null || fault.kind() != FaultKind.UNSUPPORTED) {
            lastFault = fault;
        }
        if (route.after(target, fault)) {
            return true;
        }
        lastFault = fault;
        giveUp();
        return false;
    }

    /** How to hand the request on as it is; null where that can't be, or shall not. */
    private <F extends Forwarding> @Nullable F sameFormat(Target target, @Nullable F forwarding) {
        boolean same =
                job.passthrough()
                        && forwarding != null
                        && forwarding.speaks().equals(target.format().speaks())
                        && forwarding.reaches(target.provider())
                        && forwarding.fits(job.outline(), target.model().traits());
        return same ? forwarding : null;
    }

    private VendorRequest request(Target target, UpstreamCall call, long leftNanos) {
        Headers credentials =
                target.key() == null
                        ? Headers.NONE
                        : target.format().credentials(target.key().secret().reveal());
        Duration first =
                call.stream()
                        ? target.timeouts().firstByte()
                        : target.timeouts().firstByteUnstreamed();
        Duration left = Duration.ofNanos(leftNanos);
        return new VendorRequest(
                target.endpoint(),
                call.method(),
                call.path(),
                call.headers().plus(credentials),
                call.body(),
                first.compareTo(left) < 0 ? first : left,
                target.timeouts().idle(),
                !job.work().repeatable());
    }

    private void deadline() {
        Attempt attempt = current;
        if (!over && attempt != null) {
            attempt.cancel();
            report(attempt, FaultKind.TIMEOUT.wire());
            lastFault = Fault.network(FaultKind.TIMEOUT, "the request's deadline has passed");
            giveUp();
        }
    }

    /** Of a call that is handed on as it is, redirects and the like are answers too. */
    @Override
    public boolean answers(int status) {
        return status / 100 == 2 || (status < 400 && job.work() instanceof Work.Raw);
    }

    @Override
    public Reply reply(Attempt attempt, Headers headers) {
        Reply begun =
                switch (job.work()) {
                    case Work.Chat chat -> reply(chat, attempt, headers);
                    case Work.Whole whole ->
                            new WholeReply(attempt, whole, answer, memory.get(), loop, offLoop);
                    case Work.Raw _ -> new RawReply(attempt, answer, memory.get());
                };
        reply = begun;
        if (paused) {
            attempt.pause();
        }
        return begun;
    }

    private Reply reply(Work.Chat chat, Attempt attempt, Headers headers) {
        Target target = attempt.target();
        Passthrough same = sameFormat(target, chat.dialect().passthrough());
        return same != null
                ? new PassedReply(
                        attempt,
                        same.tap(job.outline(), headers),
                        answer,
                        job.stream(),
                        memory.get(),
                        route::mayAskElsewhereIfBlocked)
                : new TranslatedReply(
                        attempt,
                        target.format()
                                .decoder(
                                        chat.request().get(),
                                        target.encodeContext(job.lossy()),
                                        headers),
                        answer,
                        job.stream(),
                        memory.get(),
                        route::mayAskElsewhereIfBlocked);
    }

    @Override
    public void completed(Attempt attempt) {
        report(attempt, Outcome.OK);
        end();
        answer.done(outcome());
    }

    @Override
    public void failed(Attempt attempt, Fault fault) {
        if (attempt.trial() != null) {
            Verdict.on(fault, attempt.target(), attempt.trial(), health);
        }
        report(attempt, fault.kind().wire());
        boolean committed = reply != null && reply.committed();
        cancelTimer();
        if (committed) {
            end();
            answer.failed(fault, outcome());
            return;
        }
        if (reply != null) {
            reply.release();
            reply = null;
        }
        current = null;
        if (!mayAskOn(attempt, fault)) {
            lastFault = fault;
            giveUp();
        } else if (follow(attempt.target(), fault)) {
            next();
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
        report(attempt, FaultKind.INTERNAL.wire());
        end();
        answer.broken(defect, outcome());
    }

    private void report(Attempt attempt, String how) {
        waitNanos += attempt.waitNanos();
        boolean free = job.work() instanceof Work.Count || !attempt.mayHaveCost();
        Usage told = attempt.usage();
        boolean surely = told == null ? free : !attempt.call().stream();
        spent.add(attempt.target(), surely ? (told == null ? Usage.NONE : told) : null);
        tried.add(
                new Outcome.Tried(
                        attempt.target(),
                        how,
                        attempt.elapsedMillis(),
                        loop.nanos(),
                        told == null && free ? Usage.NONE : told,
                        attempt.answering()));
        judge(attempt.trial(), how.equals(Outcome.OK), told);
        if (how.equals(Outcome.OK)) {
            dropped.addAll(attempt.call().dropped());
            effortUsed = attempt.call().effortUsed();
            if (told != null && job.work() instanceof Work.Chat) {
                habits.answered(load, attempt.target().model().id(), told);
            }
        }
    }

    private static void judge(@Nullable Trial trial, boolean ok, @Nullable Usage told) {
        if (trial == null) {
            return;
        }
        if (ok) {
            trial.succeeded(told == null ? 0 : told.outputTokens());
        } else {
            trial.cancelled(); // unless its fault has told more
        }
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
        cancelTimer();
        if (reply != null) {
            reply.release();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (patience != null) {
            patience.cancel();
            patience = null;
        }
    }

    /** The client has gone: whatever is under way is stopped. */
    public Outcome cancel() {
        if (!over) {
            Attempt attempt = current;
            if (attempt != null) {
                attempt.cancel();
                report(attempt, "cancelled");
            }
            end();
        }
        return outcome();
    }

    /** The client is slow: read no more from the vendor until {@link #resume}. */
    public void pause() {
        paused = true;
        if (current != null) {
            current.pause();
        }
    }

    public void resume() {
        paused = false;
        if (current != null) {
            current.resume();
        }
    }

    /** Time so far that was the vendors'. */
    public long vendorWaitNanos() {
        return waitNanos + (current == null || over ? 0 : current.waitNanos());
    }

    /** Attempts so far, the one under way included. */
    public int attempts() {
        return tried.size() + (current == null || over ? 0 : 1);
    }

    private Outcome outcome() {
        Stop stop = reply == null ? null : reply.stop();
        List<Source> sources = reply == null ? List.of() : List.copyOf(reply.sources());
        return new Outcome(
                lastTarget,
                stop,
                List.copyOf(tried),
                sources,
                List.copyOf(dropped),
                effortUsed,
                waitNanos);
    }
}

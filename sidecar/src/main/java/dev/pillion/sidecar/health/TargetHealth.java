package dev.pillion.sidecar.health;

import dev.pillion.sidecar.config.RoutingConfig.Breaker;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one model at one provider, or of all of a provider's models together: what ails
 * the provider shows there first, and a model that was not asked yet is no way around it. Loops
 * share it; every method is short, and none waits for anything but another of them.
 */
public final class TargetHealth {
    /** Of so many calls two may not fail where requests are as far apart as this. */
    private static final int FEW = 10;

    private static final long FEW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** As many good calls and failures are taken for granted before any is seen. */
    private static final double PRIOR_CALLS = 5;

    private static final double PRIOR_FAILURES = 0.05;

    /** Trying a target that fails costs at most one request in so many, within bounds. */
    private static final int REQUESTS_PER_PROBE = 40;

    /** Requests so far apart are no herd, whoever comes back. */
    private static final long NO_HERD_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Arrivals arrivals;
    private final @Nullable TargetHealth provider;
    private final Circuit circuit = new Circuit();
    private final Outcomes outcomes = new Outcomes();
    private final Waits streamed = new Waits();
    private final Waits whole = new Waits();
    private final @Nullable Kept[] kept = new Kept[2 * Pace.sizes()];
    private volatile int changes;
    private Breaker bounds = Breaker.DEFAULTS;
    private long lastContentNanos = Long.MIN_VALUE;
    private long calls;

    /**
     * @param provider of whose models this is one; null: this is a whole provider
     */
    TargetHealth(
            LongSupplier clock,
            RandomGenerator random,
            Arrivals arrivals,
            @Nullable TargetHealth provider) {
        this.clock = clock;
        this.random = random;
        this.arrivals = arrivals;
        this.provider = provider;
    }

    /**
     * What the planner weighs.
     *
     * @param share of the traffic that it may get: 0 when it is left out, 1 when all is well
     * @param probeDue whether one request may see whether it is well again
     * @param failureShare how many of its calls fail
     * @param firstNanos the wait for the first content, as things are
     * @param usualNanos the same, as it usually is
     * @param lowestNanos the least that was ever usual; 0: not known
     * @param known whether any wait was ever seen
     * @param asked whether a call waits for its first content
     * @param lastNanos when one was seen last
     */
    public record Standing(
            double share,
            boolean probeDue,
            double failureShare,
            double firstNanos,
            double usualNanos,
            double lowestNanos,
            double perTokenNanos,
            boolean known,
            boolean asked,
            long lastNanos) {

        /** The same, where it is to be left alone for another reason. */
        public Standing withoutShare() {
            return within(0, false);
        }

        /** The same, with a share that is no larger. */
        private Standing within(double bound, boolean due) {
            return new Standing(
                    Math.min(share, bound),
                    due,
                    failureShare,
                    firstNanos,
                    usualNanos,
                    lowestNanos,
                    perTokenNanos,
                    known,
                    asked,
                    lastNanos);
        }
    }

    /**
     * A standing that was found, by such limits, and holds until a call changes it or that time.
     */
    private record Kept(Breaker limits, int changes, long untilNanos, Standing standing) {}

    /**
     * How the target stands for such a request; looks for calls that hang first.
     *
     * @param now on the clock that this was made with
     */
    public Standing standing(Breaker limits, boolean stream, long inputTokens, long now) {
        Standing own = own(limits, stream, inputTokens, now);
        if (provider == null) {
            return own;
        }
        Standing all = provider.own(limits, stream, inputTokens, now);
        if (all.share() >= 1) {
            return own;
        }
        return own.within(all.share(), due(own, all));
    }

    /** The same as {@link #standing}, for whoever only looks: nothing is changed by it. */
    public Standing glance(Breaker limits, boolean stream, long inputTokens, long now) {
        Standing own = seen(limits, stream, inputTokens, now);
        if (provider == null) {
            return own;
        }
        Standing all = provider.seen(limits, stream, inputTokens, now);
        return all.share() >= 1 ? own : own.within(all.share(), due(own, all));
    }

    /** One of the two is to be tried, and the other stands in nobody's way. */
    private static boolean due(Standing own, Standing all) {
        return (own.probeDue() && (all.share() > 0 || all.probeDue()))
                || (all.probeDue() && own.share() > 0);
    }

    /** How it does, for people; nothing is changed by looking. */
    public synchronized Vitals vitals() {
        long now = clock.getAsLong();
        long window = bounds.window().toNanos();
        return new Vitals(
                circuit.state(now),
                circuit.isOpen() ? Math.max(0, circuit.untilNanos() - now) : 0,
                circuit.share(now),
                outcomes.ended(window, now),
                outcomes.failures(window, now),
                failureShare(bounds, now),
                streamed.waiting.count() + whole.waiting.count(),
                calls,
                streamed.seen(),
                whole.seen(),
                streamed.pace.perTokenNanos());
    }

    /** So long it is still left out, or its provider is; 0: it is not, or may be tried. */
    public long leftOutNanos() {
        long own = ownLeftOutNanos();
        return provider == null ? own : Math.max(own, provider.ownLeftOutNanos());
    }

    private synchronized long ownLeftOutNanos() {
        return circuit.isOpen() ? Math.max(0, circuit.untilNanos() - clock.getAsLong()) : 0;
    }

    /** Of many targets hardly one changes from one plan to the next: what was found is kept. */
    @SuppressWarnings("ReferenceEquality") // a configuration has one
    private Standing own(Breaker limits, boolean stream, long inputTokens, long now) {
        int slot = 2 * Pace.size(inputTokens) + (stream ? 1 : 0);
        Kept found = kept[slot];
        if (found == null
                || found.limits != limits
                || found.changes != changes
                || now >= found.untilNanos) {
            found = find(limits, stream, inputTokens, now);
            kept[slot] = found;
        }
        return found.standing;
    }

    private synchronized Kept find(Breaker limits, boolean stream, long inputTokens, long now) {
        bounds = limits;
        lookForHanging(now);
        Standing standing = seen(limits, stream, inputTokens, now);
        return new Kept(limits, changes, holdsUntil(standing, stream, now), standing);
    }

    private synchronized void changed() {
        changes++;
    }

    /** The time from which on the standing changes though no call begins, goes on or ends. */
    private long holdsUntil(Standing standing, boolean stream, long now) {
        if (circuit.share(now) < 1 || waits(stream).pace.fades(standing.asked())) {
            return now;
        }
        long until = outcomes.oldestNanos();
        until = until == Long.MAX_VALUE ? until : until + bounds.window().toNanos() + 1;
        return Math.min(until, Math.min(streamed.changesNanos(), whole.changesNanos()));
    }

    private synchronized Standing seen(Breaker limits, boolean stream, long inputTokens, long now) {
        Waits waits = waits(stream);
        Pace pace = waits.pace;
        boolean asked = streamed.waiting.oldest() != null || whole.waiting.oldest() != null;
        double first = pace.firstNanos(inputTokens, asked, now);
        return new Standing(
                arrivals.meanNanos() > NO_HERD_NANOS && !circuit.isOpen() ? 1 : circuit.share(now),
                circuit.isDue(limits, now),
                failureShare(limits, now),
                Math.max(first, waits.overdueNanos(inputTokens, now)),
                pace.usualNanos(inputTokens),
                pace.lowestNanos(inputTokens),
                streamed.pace.perTokenNanos(),
                pace.isKnown(),
                asked,
                pace.lastNanos());
    }

    /** Takes the right to try a target that was left out; false: another request has it. */
    public boolean claimProbe() {
        return claim() && (provider == null || provider.claim());
    }

    /** True also when nothing is to be claimed here. */
    private synchronized boolean claim() {
        long now = clock.getAsLong();
        if (!circuit.isOpen()) {
            return true;
        }
        if (!circuit.isDue(bounds, now)) {
            return false;
        }
        changed();
        circuit.claim(now);
        return true;
    }

    /** A call begins. */
    public Trial begin(boolean stream, long inputTokens) {
        Trial atProvider = provider == null ? null : provider.begin(stream, inputTokens);
        return begin(stream, inputTokens, atProvider);
    }

    private synchronized Trial begin(boolean stream, long inputTokens, @Nullable Trial all) {
        changed();
        long now = clock.getAsLong();
        boolean probe = circuit.isOpen() && now >= circuit.untilNanos();
        if (probe) {
            circuit.probing();
        }
        var trial = new Trial(this, all, stream, inputTokens, now, probe);
        waits(stream).waiting.add(trial);
        calls++;
        return trial;
    }

    synchronized void content(Trial trial) {
        if (trial.over || trial.contentNanos != 0) {
            return;
        }
        changed();
        long now = clock.getAsLong();
        waits(trial.streamed).waiting.remove(trial);
        trial.contentNanos = now;
        lastContentNanos = now;
        long waited = now - trial.beganNanos;
        waits(trial.streamed).add(waited, trial.inputTokens, now);
        if (trial.probe && circuit.isOpen()) {
            answered(trial, isSlow(trial), now);
            endProbe(trial); // it has told what it was to tell
        }
    }

    synchronized void succeeded(Trial trial, long outputTokens) {
        content(trial);
        if (!over(trial)) {
            return;
        }
        long now = clock.getAsLong();
        if (trial.streamed && outputTokens > 1) {
            streamed.pace.tokens(now - trial.contentNanos, outputTokens - 1);
        }
        boolean lasting = provider != null && pace(trial).isSlow(bounds.slow(), now);
        if (!isSlow(trial) && !trial.hung) { // one that hung was counted
            outcomes.add(false, now);
        }
        if (lasting && !circuit.isOpen()) {
            eject(now);
        }
    }

    /** Far over its own norm now; a provider's models differ too much for a common one. */
    private boolean isSlow(Trial trial) {
        return provider != null && pace(trial).lastFive() >= bounds.slow();
    }

    /** A target that is left out has answered who was to see whether it is well. */
    private void answered(Trial trial, boolean slow, long now) {
        long waited = trial.contentNanos - trial.beganNanos;
        if (slow && waited > pace(trial).firstNanos(trial.inputTokens, true, now) / 2) {
            eject(now);
            return;
        }
        pace(trial).forgetSlowdown();
        outcomes.forget();
        circuit.close(now);
    }

    synchronized void failed(Trial trial) {
        boolean probe = trial.probe;
        if (over(trial) && !trial.hung) {
            count(probe, clock.getAsLong());
        }
    }

    /**
     * Another target was faster. That the wait was cut says something where it was long already:
     * left out, the longest waits would be missing in what is usual.
     */
    synchronized void overtaken(Trial trial) {
        long now = clock.getAsLong();
        long atLeast = now - trial.beganNanos;
        Waits waits = waits(trial.streamed);
        boolean isLong = waits.areUsual() && atLeast >= waits.p95Nanos();
        if (over(trial) && trial.contentNanos == 0 && isLong) {
            waits.add(atLeast, trial.inputTokens, now);
        }
    }

    synchronized void cancelled(Trial trial) {
        over(trial);
    }

    private boolean over(Trial trial) {
        if (trial.over) {
            return false;
        }
        changed();
        trial.over = true;
        waits(trial.streamed).waiting.remove(trial);
        endProbe(trial);
        return true;
    }

    private void endProbe(Trial trial) {
        if (trial.probe) {
            trial.probe = false;
            circuit.probed();
        }
    }

    private void count(boolean probe, long now) {
        changed();
        outcomes.add(true, now);
        boolean enough =
                outcomes.inARow() >= bounds.failures() || circuit.isReturning(now) || isOften(now);
        boolean out = circuit.isOpen();
        if (out ? probe : enough) {
            eject(now);
        }
    }

    /** The fewer calls come, the less it takes: else too many would go there meanwhile. */
    private boolean isOften(long now) {
        long window = bounds.window().toNanos();
        int failures = outcomes.failures(window, now);
        if (failures >= bounds.failures()
                && failures >= bounds.errorRate() * outcomes.ended(window, now)) {
            return true;
        }
        boolean few = arrivals.meanNanos() >= FEW_NANOS;
        return few && outcomes.latest(FEW) >= Math.min(2, bounds.failures());
    }

    private void eject(long now) {
        long patience =
                Math.min(
                        8 * bounds.open().toNanos() / 5, REQUESTS_PER_PROBE * arrivals.meanNanos());
        circuit.eject(bounds, patience, random.nextDouble(), now);
    }

    /** Calls that hang are failures before they end. */
    private void lookForHanging(long now) {
        countHanging(streamed, now);
        countHanging(whole, now);
    }

    private void countHanging(Waits waits, long now) {
        Trial hanging = waits.takeHanging(now);
        while (hanging != null) {
            hanging.hung = true;
            count(hanging.probe, now);
            endProbe(hanging); // another one need not wait until it times out
            hanging = waits.takeHanging(now);
        }
    }

    /** Whether a call should be left for another target: nothing came of it, nor of any since. */
    synchronized boolean hangs(Trial trial) {
        long now = clock.getAsLong();
        boolean silent =
                trial.probe
                        || trial.hung
                        || circuit.isOpen()
                        || lastContentNanos < trial.beganNanos;
        Waits waits = waits(trial.streamed);
        return waits.areUsual()
                && silent
                && !trial.over
                && trial.contentNanos == 0
                && now - trial.beganNanos >= waits.hangsNanos();
    }

    synchronized long patienceNanos(Trial trial) {
        return waits(trial.streamed).hangsNanos();
    }

    private double failureShare(Breaker limits, long now) {
        long window = limits.window().toNanos();
        return (outcomes.failures(window, now) + PRIOR_FAILURES)
                / (outcomes.ended(window, now) + PRIOR_CALLS);
    }

    /** The wait that 95 of 100 answers' first content stays under; 0: not known. */
    public synchronized long p95Nanos(boolean stream) {
        return waits(stream).p95Nanos();
    }

    private Pace pace(Trial trial) {
        return waits(trial.streamed).pace;
    }

    private Waits waits(boolean stream) {
        return stream ? streamed : whole;
    }
}

package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.plan.Load;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.plan.Targets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The targets still to be tried, first those not asked yet, then those worth asking again. */
final class Route {
    /** The next step: a target, and how long to wait before it. */
    record Step(Target target, long waitNanos) {}

    /** A target that may be asked again from that moment on. */
    private record Again(Target target, long fromNanos) {}

    private final Plan plan;
    private final Targets fresh;
    private final Set<String> passedBy = new HashSet<>();
    private long tooSmallTokens;
    private int nextFresh;
    private final PriorityQueue<Again> again =
            new PriorityQueue<>(2, Comparator.comparingLong(Again::fromNanos));
    private final Map<String, Integer> retries = new HashMap<>();
    private final RoutingConfig.Failover bounds;
    private final RandomGenerator random;
    private final Health health;
    private final LongSupplier nanos;
    private int left;

    /**
     * @param nanos the loop's clock
     */
    Route(Plan plan, boolean failover, RandomGenerator random, Health health, LongSupplier nanos) {
        this.plan = plan;
        this.bounds = plan.failover();
        this.random = random;
        this.health = health;
        this.nanos = nanos;
        this.left = failover ? bounds.maxAttempts() : 1;
        this.fresh = plan.targets();
    }

    /** Whom to ask next; null: nobody is left. */
    @Nullable Step next() {
        if (left <= 0) {
            return null;
        }
        while (skipPassed()) {
            Target target = fresh.get(nextFresh++);
            if (!passedBy.contains(accountOf(target))) {
                left--;
                health.retries(target.provider()).earn();
                return new Step(target, 0);
            }
        }
        Again first = again.poll();
        if (first == null) {
            return null;
        }
        left--;
        return new Step(first.target(), Math.max(0, first.fromNanos() - nanos.getAsLong()));
    }

    /** Whether there is somebody to ask who was not asked yet. */
    boolean hasOthers() {
        return left > 0 && skipPassed();
    }

    /**
     * Who may be asked besides one that is silent: the next of those not asked yet; null: nobody is
     * left, or it is not well.
     */
    @Nullable Target besides() {
        if (!hasOthers()) {
            return null;
        }
        Target target = fresh.get(nextFresh);
        return passedBy.contains(accountOf(target)) || isLeftOut(target) ? null : target;
    }

    private boolean isLeftOut(Target target) {
        String model = target.model().id();
        Load load = plan.load();
        return health.isHeld(target.provider(), target.keyId(), model)
                || health.of(target.provider(), model)
                                .standing(
                                        plan.snapshot().config().routing().breaker(),
                                        load.stream(),
                                        load.inputTokens(),
                                        nanos.getAsLong())
                                .share()
                        <= 0;
    }

    /** It is asked; false: its provider has been asked again, or besides others, too often. */
    boolean take(Target besides) {
        if (!health.retries(besides.provider()).take()) {
            return false;
        }
        nextFresh++;
        left--;
        return true;
    }

    /** Goes to the next model that may help; whether there is one. */
    private boolean skipPassed() {
        while (nextFresh < fresh.size() && isPassed(nextFresh)) {
            nextFresh++;
        }
        return nextFresh < fresh.size();
    }

    private boolean isPassed(int index) {
        return passedBy.contains(fresh.modelId(index)) || isTooSmall(fresh.contextTokens(index));
    }

    /** What is not known may be large. */
    private boolean isTooSmall(long contextTokens) {
        return contextTokens > 0 && contextTokens <= tooSmallTokens;
    }

    /** No model's id has a line's end in it. */
    private static String accountOf(Target target) {
        return target.model().id() + '\n' + target.account();
    }

    /** The target refused before anything was sent: that was no attempt. */
    void notAsked() {
        left++;
    }

    /**
     * Whether what is blocked at one vendor may be asked of another, and there is one.
     *
     * @param asked whether another one has been asked already
     */
    boolean mayAskElsewhereIfBlocked(boolean asked) {
        return bounds.contentBlocked() == RoutingConfig.ContentBlocked.ELSEWHERE
                && (asked || hasOthers());
    }

    /** Takes note of the fault; false: no other target can help. */
    boolean after(Target target, Fault fault) {
        FaultClass found = FaultClass.of(fault);
        switch (found.again()) {
            case YES, THEN -> askAgain(target, fault.retryAfter());
            case NO -> {}
        }
        switch (found.keys()) {
            case NONE -> passBy(target);
            case OTHER_ACCOUNT -> passedBy.add(accountOf(target));
            case ALL -> {}
        }
        return switch (found.others(bounds.contentBlocked())) {
            case NONE, IF_CONFIGURED -> false;
            case ALL -> true;
            case LARGER_CONTEXT -> {
                tooSmallTokens = Math.max(tooSmallTokens, target.model().traits().contextTokens());
                again.removeIf(
                        other -> isTooSmall(other.target().model().traits().contextTokens()));
                yield true;
            }
        };
    }

    private void passBy(Target target) {
        passedBy.add(target.model().id());
        again.removeIf(other -> other.target().model().id().equals(target.model().id()));
    }

    private void askAgain(Target target, @Nullable Duration hint) {
        int retry = retries.merge(target.provider(), 1, Integer::sum);
        if (retry <= bounds.retriesPerProvider() && health.retries(target.provider()).take()) {
            long wait = Backoff.waitNanos(bounds.backoff(), retry - 1, hint, random);
            again.add(new Again(target, nanos.getAsLong() + wait));
        }
    }
}

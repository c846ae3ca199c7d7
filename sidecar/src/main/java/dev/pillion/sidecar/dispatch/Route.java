package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The targets still to be tried, first those not asked yet, then those worth asking again. */
final class Route {
    /** The next step: a target, and how long to wait before it. */
    record Step(Target target, long waitNanos) {}

    private final ArrayDeque<Target> fresh = new ArrayDeque<>();
    private final ArrayDeque<Step> again = new ArrayDeque<>();
    private final Map<String, Integer> retries = new HashMap<>();
    private final RoutingConfig.Failover bounds;
    private final RandomGenerator random;
    private int left;

    Route(Plan plan, boolean failover, RandomGenerator random) {
        this.bounds = plan.failover();
        this.random = random;
        this.left = failover ? bounds.maxAttempts() : 1;
        fresh.addAll(plan.targets());
    }

    /** Whom to ask next; null: nobody is left. */
    @Nullable Step next() {
        if (left <= 0) {
            return null;
        }
        if (!fresh.isEmpty()) {
            left--;
            return new Step(fresh.removeFirst(), 0);
        }
        Step step = again.pollFirst();
        if (step != null) {
            left--;
        }
        return step;
    }

    /** The target refused before anything was sent: that was no attempt. */
    void notAsked() {
        left++;
    }

    /** Takes note of the fault; false: no other target can help. */
    boolean after(Target target, Fault fault) {
        switch (Decision.on(fault)) {
            case GIVE_UP -> {
                return false;
            }
            case NEXT_THEN_AGAIN -> askAgain(target, fault.retryAfter());
            case NEXT -> {}
            case NEXT_MODEL -> {
                fresh.removeIf(other -> other.model().id().equals(target.model().id()));
                again.removeIf(other -> other.target().model().id().equals(target.model().id()));
            }
        }
        return true;
    }

    private void askAgain(Target target, @Nullable Duration hint) {
        int retry = retries.merge(target.provider(), 1, Integer::sum);
        if (retry <= bounds.retriesPerProvider()) {
            long wait = Backoff.waitNanos(bounds.backoff(), retry - 1, hint, random);
            again.addLast(new Step(target, wait));
        }
    }
}

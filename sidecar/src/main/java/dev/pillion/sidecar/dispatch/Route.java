package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.plan.Targets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The targets still to be tried, first those not asked yet, then those worth asking again. */
final class Route {
    /** The next step: a target, and how long to wait before it. */
    record Step(Target target, long waitNanos) {}

    private final Targets fresh;
    private final Set<String> passedBy = new HashSet<>();
    private int nextFresh;
    private final ArrayDeque<Step> again = new ArrayDeque<>();
    private final Map<String, Integer> retries = new HashMap<>();
    private final RoutingConfig.Failover bounds;
    private final RandomGenerator random;
    private final Health health;
    private int left;

    Route(Plan plan, boolean failover, RandomGenerator random, Health health) {
        this.bounds = plan.failover();
        this.random = random;
        this.health = health;
        this.left = failover ? bounds.maxAttempts() : 1;
        this.fresh = plan.targets();
    }

    /** Whom to ask next; null: nobody is left. */
    @Nullable Step next() {
        if (left <= 0) {
            return null;
        }
        while (nextFresh < fresh.size() && passedBy.contains(fresh.modelId(nextFresh))) {
            nextFresh++;
        }
        if (nextFresh < fresh.size()) {
            left--;
            Target target = fresh.get(nextFresh++);
            health.retries(target.provider()).earn();
            return new Step(target, 0);
        }
        Step step = again.pollFirst();
        if (step != null) {
            left--;
        }
        return step;
    }

    /** Whether there is somebody to ask who was not asked yet. */
    boolean hasOthers() {
        return left > 0 && nextFresh < fresh.size();
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
                passedBy.add(target.model().id());
                again.removeIf(other -> other.target().model().id().equals(target.model().id()));
            }
        }
        return true;
    }

    private void askAgain(Target target, @Nullable Duration hint) {
        int retry = retries.merge(target.provider(), 1, Integer::sum);
        if (retry <= bounds.retriesPerProvider() && health.retries(target.provider()).take()) {
            long wait = Backoff.waitNanos(bounds.backoff(), retry - 1, hint, random);
            again.addLast(new Step(target, wait));
        }
    }
}

package dev.pillion.sidecar.dispatch;

import dev.pillion.sidecar.config.RoutingConfig;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The wait before a target is asked again: full jitter, and never less than the vendor's hint. */
final class Backoff {
    private Backoff() {}

    static long waitNanos(
            RoutingConfig.Backoff bounds,
            int retry,
            @Nullable Duration hint,
            RandomGenerator random) {
        long ceiling =
                Math.min(bounds.max().toNanos(), bounds.first().toNanos() << Math.min(retry, 20));
        long jittered = random.nextLong(Math.max(1, ceiling));
        return hint == null ? jittered : Math.max(jittered, hint.toNanos());
    }
}

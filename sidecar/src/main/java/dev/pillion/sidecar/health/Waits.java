package dev.pillion.sidecar.health;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The waits of one kind of a target's calls, streamed or whole: how long they take, and who waits
 * now. Whole answers take so much longer that one of them says nothing of whether a stream hangs.
 */
final class Waits {
    /** Without a byte for so long a call hangs, whatever the target's habits. */
    private static final long HANGS_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A call hangs after so many times the target's own p99. */
    private static final int HANGS_FACTOR = 3;

    /** A call that has waited so many times the target's median shows that it is slow now. */
    private static final int OVERDUE_FACTOR = 3;

    /** What a call may take where the target's habits are not known. */
    private static final long UNKNOWN_HANGS_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** After so many calls habits are known. */
    private static final int HABIT_CALLS = 5;

    final Pace pace = new Pace();
    final Waiting waiting = new Waiting();
    private final Quantiles spread = new Quantiles();

    void add(long waitNanos, long inputTokens, long nowNanos) {
        pace.first(waitNanos, inputTokens, nowNanos);
        spread.add(waitNanos);
    }

    /** Whether enough was seen to say what is usual. */
    boolean areUsual() {
        return spread.total() >= HABIT_CALLS;
    }

    /** The wait that 95 of 100 stay under; 0: not known. */
    long p95Nanos() {
        return areUsual() ? spread.nanosOf(0.95) : 0;
    }

    /** After so long without a byte a call hangs. */
    long hangsNanos() {
        return areUsual()
                ? Math.max(HANGS_NANOS, HANGS_FACTOR * spread.nanosOf(0.99))
                : UNKNOWN_HANGS_NANOS;
    }

    /** The oldest call, once it hangs; it waits no more. Null: none hangs. */
    @Nullable Trial takeHanging(long nowNanos) {
        Trial oldest = waiting.oldest();
        if (oldest == null || nowNanos - oldest.beganNanos <= hangsNanos()) {
            return null;
        }
        waiting.remove(oldest);
        return oldest;
    }

    /** How long the oldest call has waited, once that is much longer than most do. */
    double overdueNanos(long inputTokens, long nowNanos) {
        Trial oldest = waiting.oldest();
        if (oldest == null) {
            return 0;
        }
        long age = nowNanos - oldest.beganNanos;
        double times = age / Math.max(1, pace.usualNanos(oldest.inputTokens));
        boolean overdue = areUsual() && times > OVERDUE_FACTOR;
        return overdue ? times * pace.usualNanos(inputTokens) : 0;
    }

    /** When the oldest call is overdue or hangs, if it gets no byte; Long.MAX_VALUE: none waits. */
    long changesNanos() {
        Trial oldest = waiting.oldest();
        if (oldest == null) {
            return Long.MAX_VALUE;
        }
        long overdue = (long) (OVERDUE_FACTOR * pace.usualNanos(oldest.inputTokens));
        return oldest.beganNanos + Math.min(hangsNanos(), overdue);
    }

    Vitals.Waits seen() {
        return new Vitals.Waits(spread.total(), spread.nanosOf(0.5), spread.nanosOf(0.95));
    }
}

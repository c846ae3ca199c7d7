package dev.pillion.sidecar.health;

import dev.pillion.sidecar.config.RoutingConfig.Breaker;
import java.util.concurrent.TimeUnit;

/**
 * Whether a target takes part. One that fails is left out for a while, then tried by single
 * requests, and comes back by degrees; each further time in a row that it fails leaves it out for
 * longer.
 */
final class Circuit {
    /** The longest that a request may take that was to try the target and has not begun. */
    private static final long CLAIM_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a target takes to come back whole: time enough to see it fail again. */
    private static final long RETURN_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final double GROWTH = 1.25;

    /** So many times the first pause without a failure, and the pauses begin anew. */
    private static final int HEALED_AFTER = 4;

    private boolean open;
    private boolean returning;
    private int ejections;
    private long untilNanos;
    private long closedNanos;
    private long claimedNanos;
    private int probes;
    private boolean claimed;

    boolean isOpen() {
        return open;
    }

    /** The same as {@link #share} for people, in a word. */
    Vitals.State state(long nowNanos) {
        if (open) {
            return nowNanos < untilNanos ? Vitals.State.OPEN : Vitals.State.HALF_OPEN;
        }
        return share(nowNanos) < 1 ? Vitals.State.RETURNING : Vitals.State.CLOSED;
    }

    /** How much of its traffic it gets: 0 when left out, 1 when all is well. */
    double share(long nowNanos) {
        if (open) {
            return 0;
        }
        return returning ? Math.min(1, (nowNanos - closedNanos) / (double) RETURN_NANOS) : 1;
    }

    /** Whether it has just come back, so that one more failure is enough. */
    boolean isReturning(long nowNanos) {
        if (returning && nowNanos - closedNanos >= RETURN_NANOS) {
            returning = false;
        }
        return returning;
    }

    /**
     * Leaves the target out.
     *
     * @param patienceNanos at least so long
     * @param jitter 0 to 1, so that daemons do not come back together
     */
    void eject(Breaker bounds, long patienceNanos, double jitter, long nowNanos) {
        long quiet = nowNanos - closedNanos;
        if (!open && !returning && quiet > HEALED_AFTER * bounds.open().toNanos()) {
            ejections = 0;
        }
        double grown = bounds.open().toNanos() * Math.pow(GROWTH, Math.min(ejections, 40));
        long pause = Math.min(bounds.openMax().toNanos(), Math.max((long) grown, patienceNanos));
        untilNanos = nowNanos + (long) (pause * (1 + jitter / 5));
        ejections++;
        open = true;
        returning = false;
        claimed = false;
    }

    /** Whether one more request may try the target now. */
    boolean isDue(Breaker bounds, long nowNanos) {
        boolean waiting = claimed && nowNanos - claimedNanos < CLAIM_NANOS;
        return open && nowNanos >= untilNanos && !waiting && probes < bounds.probes();
    }

    /** A request is to try it. */
    void claim(long nowNanos) {
        claimed = true;
        claimedNanos = nowNanos;
    }

    /** The call that tries it begins. */
    void probing() {
        claimed = false;
        probes++;
    }

    void probed() {
        probes--;
    }

    /** It answers again. */
    void close(long nowNanos) {
        open = false;
        returning = true;
        closedNanos = nowNanos;
    }

    /** Until then it is left out. */
    long untilNanos() {
        return untilNanos;
    }
}

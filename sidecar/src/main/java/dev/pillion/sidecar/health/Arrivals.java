package dev.pillion.sidecar.health;

import java.util.concurrent.TimeUnit;

/** How often requests come, all targets together. */
final class Arrivals {
    private static final double SHARE = 0.05;
    private static final long SELDOM_NANOS = TimeUnit.SECONDS.toNanos(10);

    private long lastNanos;
    private volatile double meanNanos;
    private boolean begun;

    synchronized void add(long nowNanos) {
        if (begun) {
            long since = Math.min(SELDOM_NANOS, nowNanos - lastNanos);
            meanNanos = meanNanos == 0 ? since : meanNanos + SHARE * (since - meanNanos);
        }
        begun = true;
        lastNanos = nowNanos;
    }

    /** The mean time from one request to the next. */
    long meanNanos() {
        return (long) meanNanos;
    }
}

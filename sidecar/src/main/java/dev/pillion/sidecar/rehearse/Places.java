package dev.pillion.sidecar.rehearse;

import java.util.concurrent.TimeUnit;

/** The places that a vendor's limit leaves: a bucket that fills evenly. */
final class Places {
    /** How much of a minute's requests may come at once. */
    private static final double BURST = 1 / 12.0;

    private double places;
    private long filledNanos = -1;

    /** Takes one; false: there is none. Without a limit there always is. */
    boolean take(double perMinute, long nowNanos) {
        if (perMinute == 0) {
            filledNanos = -1;
            return true;
        }
        double most = Math.max(1, perMinute * BURST);
        double since = (nowNanos - filledNanos) / (double) TimeUnit.MINUTES.toNanos(1);
        places = filledNanos < 0 ? most : Math.min(most, places + since * perMinute);
        filledNanos = nowNanos;
        if (places < 1) {
            return false;
        }
        places--;
        return true;
    }

    /** Until the next one is there, rounded up. */
    long nextAfterSeconds(double perMinute) {
        double missing = Math.max(0, 1 - places);
        return Math.max(1, (long) Math.ceil(missing / perMinute * TimeUnit.MINUTES.toSeconds(1)));
    }
}

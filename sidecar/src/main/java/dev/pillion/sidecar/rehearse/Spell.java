package dev.pillion.sidecar.rehearse;

import java.util.concurrent.TimeUnit;

/**
 * A spell of bad weather at one virtual vendor's model.
 *
 * @param fromSeconds of virtual time
 * @param toSeconds exclusive
 * @param amount what {@code kind} says
 */
record Spell(Kind kind, double fromSeconds, double toSeconds, double amount) {
    /** What is wrong. */
    enum Kind {
        /** Answers 503 at once. */
        DOWN,
        /** Takes requests and never answers. */
        HANGS,
        /** Takes {@code amount} times as long. */
        SLOW,
        /** Answers that share of requests with 500. */
        FAILS,
        /** Cuts that share of answers in the middle. */
        CUTS,
        /** Takes so many requests a minute and answers the others with 429. */
        LIMITED
    }

    boolean covers(long atNanos) {
        double seconds = atNanos / (double) TimeUnit.SECONDS.toNanos(1);
        return seconds >= fromSeconds && seconds < toSeconds;
    }
}

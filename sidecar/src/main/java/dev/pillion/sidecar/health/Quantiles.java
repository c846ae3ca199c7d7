package dev.pillion.sidecar.health;

import java.time.Duration;

/**
 * The spread of a target's waits, for its own p95 and p99: a histogram whose steps are a fifth
 * apart, and whose past fades as it fills.
 */
final class Quantiles {
    private static final int STEPS_PER_OCTAVE = 4;
    private static final int OCTAVES = 20;
    private static final int FULL = 400;

    private final short[] counts = new short[OCTAVES * STEPS_PER_OCTAVE];
    private int total;

    void add(long nanos) {
        counts[step(nanos)]++;
        total++;
        if (total >= FULL) {
            fade();
        }
    }

    int total() {
        return total;
    }

    /** The wait that this share of all stays under, to a fifth; 0: none was seen. */
    long nanosOf(double share) {
        double goal = share * total;
        int seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen > 0 && seen >= goal) {
                return top(i);
            }
        }
        return 0;
    }

    private void fade() {
        total = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (short) (counts[i] / 2);
            total += counts[i];
        }
    }

    /** From a millisecond to ten minutes and more. */
    private static int step(long nanos) {
        double millis = Math.max(1, nanos / 1e6);
        double octaves = Math.log(millis) / Math.log(2);
        return Math.min(OCTAVES * STEPS_PER_OCTAVE - 1, (int) (octaves * STEPS_PER_OCTAVE));
    }

    private static long top(int step) {
        double millis = Math.pow(2, (step + 1) / (double) STEPS_PER_OCTAVE);
        return (long) (millis * Duration.ofMillis(1).toNanos());
    }
}

package dev.pillion.sidecar.health;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How long a target takes to its first content, by the size of the prompt, and how long for each
 * token after it. What is usual moves slowly; a slowdown shows in the last five waits, whatever
 * their sizes, and is forgotten in seconds when nobody asks any more, so that the target is tried
 * again.
 */
final class Pace {
    /** Upper ends of the sizes, in tokens; larger prompts are the last. */
    private static final int[] SIZES = {1_000, 4_000, 12_000, 24_000, 48_000, 96_000, 192_000};

    /** How much longer the next larger size may take, before it is seen. */
    private static final double NEXT_SIZE = 1.25;

    private static final int RECENT = 5;
    private static final int FEWEST = 3;
    private static final double USUAL_SHARE = 0.05;
    private static final double SLOW_SHARE = 0.02;
    private static final double TOKEN_SHARE = 0.3;
    private static final int LEARNING = 10;
    private static final long USUAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Within this factor of what is usual nothing has changed. */
    private static final double NORMAL = 2;

    /** Waits so long before the last one tell nothing of it. */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** One pause of ours delays many calls at once, and is no slowdown of theirs. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long NEVER = Long.MAX_VALUE;

    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final double[] usualNanos = new double[SIZES.length + 1];
    private final double[] lowestNanos = new double[SIZES.length + 1];
    private final int[] seen = new int[SIZES.length + 1];
    private final double[] recent = new double[RECENT];
    private final long[] recentAtNanos = new long[RECENT];
    private final double[] sorted = new double[RECENT];
    private double lastFive = 1;
    private double lately = 1;
    private int samples;
    private double perTokenNanos;
    private long lastNanos;
    private long slowSinceNanos = NEVER;

    /** The wait for the first content of a prompt of that size. */
    void first(long waitNanos, long inputTokens, long nowNanos) {
        int size = size(inputTokens);
        double usual = usual(size);
        double ratio = usual == 0 ? 1 : waitNanos / usual;
        recent[samples % RECENT] = ratio;
        recentAtNanos[samples % RECENT] = nowNanos;
        samples++;
        lastFive = samples < FEWEST ? 1 : median(Long.MAX_VALUE, nowNanos);
        lately = median(STALE_NANOS, nowNanos);
        double share = share(size, ratio, nowNanos - lastNanos);
        if (seen[size] >= LEARNING && (ratio > NORMAL || ratio < 1 / NORMAL)) {
            shift(1 + share * (ratio - 1));
        } else {
            usualNanos[size] += share * (waitNanos - usualNanos[size]);
        }
        lastNanos = nowNanos;
        seen[size]++;
        if (seen[size] == FEWEST || usualNanos[size] < lowestNanos[size]) {
            lowestNanos[size] = seen[size] < FEWEST ? 0 : usualNanos[size];
        }
    }

    /** What is far from usual is so whatever the size. */
    private void shift(double factor) {
        for (int i = 0; i < usualNanos.length; i++) {
            usualNanos[i] *= factor;
        }
    }

    /**
     * How far one wait moves what is usual: far at the beginning, and when it was thought far too
     * long; else by the time that has passed, since a thousand slow answers in a second are one
     * slow second.
     */
    private double share(int size, double ratio, long sinceNanos) {
        if (seen[size] < LEARNING) {
            return 1.0 / (seen[size] + 1);
        }
        if (ratio < 1 / NORMAL) {
            return USUAL_SHARE;
        }
        double most = ratio > NORMAL ? SLOW_SHARE : USUAL_SHARE;
        return Math.min(most, sinceNanos / (double) USUAL_NANOS);
    }

    /** The time between the tokens of an answer. */
    void tokens(long nanos, long count) {
        double each = nanos / (double) count;
        perTokenNanos =
                perTokenNanos == 0 ? each : perTokenNanos + TOKEN_SHARE * (each - perTokenNanos);
    }

    /**
     * The expected wait for the first content; 0: nothing was seen.
     *
     * @param asked whether somebody waits for it to begin, so that what was seen last still stands
     */
    double firstNanos(long inputTokens, boolean asked, long nowNanos) {
        return usual(size(inputTokens)) * slowdown(asked, nowNanos);
    }

    /** The same, as it usually is. */
    double usualNanos(long inputTokens) {
        return usual(size(inputTokens));
    }

    /** The least that was ever usual; 0: too little was seen to say. */
    double lowestNanos(long inputTokens) {
        return lowestNanos[size(inputTokens)];
    }

    /** The expected time for each further token; 0: not known. */
    double perTokenNanos() {
        return perTokenNanos;
    }

    boolean isKnown() {
        return samples > 0;
    }

    /** When it was last seen to answer. */
    long lastNanos() {
        return lastNanos;
    }

    int samples() {
        return samples;
    }

    /** How far the last waits are from what is usual: 1 where they are not far. */
    private double slowdown(boolean asked, long nowNanos) {
        double median = lately;
        if (median < NORMAL && median > 1 / NORMAL) {
            return 1;
        }
        double fade =
                fades(asked) ? Math.pow(0.5, (nowNanos - lastNanos) / (double) FORGET_NANOS) : 1;
        return 1 + (median - 1) * fade;
    }

    /**
     * Whether what is expected changes by time alone. Faster than thought is no reason to doubt;
     * and while one is asked the others can wait.
     */
    boolean fades(boolean asked) {
        return lately >= NORMAL && !asked;
    }

    /** How far the last five waits are from what is usual, however long ago they were. */
    double lastFive() {
        return lastFive;
    }

    /** Whether it has taken so many times what is usual, and for longer than a pause. */
    boolean isSlow(double times, long nowNanos) {
        if (lastFive < times) {
            slowSinceNanos = NEVER;
            return false;
        }
        if (slowSinceNanos == NEVER) {
            slowSinceNanos = nowNanos;
            for (int i = 0; i < Math.min(samples, RECENT); i++) {
                if (recent[i] >= times) {
                    slowSinceNanos = Math.min(slowSinceNanos, recentAtNanos[i]);
                }
            }
        }
        return nowNanos - slowSinceNanos >= PAUSE_NANOS;
    }

    private double median(long maxAgeNanos, long nowNanos) {
        int held = Math.min(samples, RECENT);
        int count = 0;
        for (int i = 0; i < held; i++) {
            if (nowNanos - recentAtNanos[i] <= maxAgeNanos) {
                int at = count++;
                for (; at > 0 && sorted[at - 1] > recent[i]; at--) {
                    sorted[at] = sorted[at - 1];
                }
                sorted[at] = recent[i];
            }
        }
        return sorted[count / 2];
    }

    /** Forgets a slowdown: what comes next is told by itself. */
    void forgetSlowdown() {
        Arrays.fill(recent, 1);
        lastFive = 1;
        lately = 1;
    }

    /** How many sizes are told apart. */
    static int sizes() {
        return SIZES.length + 1;
    }

    /** The size of such a prompt, from 0. */
    static int size(long tokens) {
        int size = 0;
        while (size < SIZES.length && tokens > SIZES[size]) {
            size++;
        }
        return size;
    }

    /** Of a size not seen yet: by the nearest that was. */
    private double usual(int size) {
        for (int away = 0; away < usualNanos.length; away++) {
            if (size - away >= 0 && seen[size - away] > 0) {
                return usualNanos[size - away] * Math.pow(NEXT_SIZE, away);
            }
            if (size + away < usualNanos.length && seen[size + away] > 0) {
                return usualNanos[size + away] / Math.pow(NEXT_SIZE, away);
            }
        }
        return 0;
    }
}

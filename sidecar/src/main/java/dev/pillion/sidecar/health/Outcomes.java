package dev.pillion.sidecar.health;

/**
 * The last outcomes of a target, at most {@link #SIZE} and none older than a window: by count, so
 * that a busy target is judged in a fraction of a second; by age, so that a quiet one is not judged
 * by yesterday.
 */
final class Outcomes {
    static final int SIZE = 20;

    private final long[] atNanos = new long[SIZE];
    private final boolean[] failed = new boolean[SIZE];
    private int next;
    private int held;
    private int failures;
    private int inARow;

    void add(boolean failure, long nowNanos) {
        if (held == SIZE) {
            dropOldest();
        }
        atNanos[next] = nowNanos;
        failed[next] = failure;
        next = (next + 1) % SIZE;
        held++;
        failures += failure ? 1 : 0;
        inARow = failure ? inARow + 1 : 0;
    }

    private void dropOldest() {
        failures -= failed[at(held)] ? 1 : 0;
        held--;
    }

    /** Where the outcome is that so many, itself included, have come since; 1: the latest. */
    private int at(int ago) {
        return (next - ago + SIZE) % SIZE;
    }

    private void forgetOlder(long windowNanos, long nowNanos) {
        while (held > 0 && nowNanos - atNanos[at(held)] > windowNanos) {
            dropOldest();
        }
    }

    void forget() {
        held = 0;
        failures = 0;
        inARow = 0;
    }

    /** When the oldest one ended that is held; {@code Long.MAX_VALUE}: none is. */
    long oldestNanos() {
        return held == 0 ? Long.MAX_VALUE : atNanos[at(held)];
    }

    /** How many of the latest failed, one after the other. */
    int inARow() {
        return inARow;
    }

    /** How many failed within the window; what is older is forgotten. */
    int failures(long windowNanos, long nowNanos) {
        forgetOlder(windowNanos, nowNanos);
        return failures;
    }

    /** How many ended within the window; what is older is forgotten. */
    int ended(long windowNanos, long nowNanos) {
        forgetOlder(windowNanos, nowNanos);
        return held;
    }

    /** How many of so many latest failed. */
    int latest(int calls) {
        int count = 0;
        for (int ago = 1; ago <= Math.min(calls, held); ago++) {
            count += failed[at(ago)] ? 1 : 0;
        }
        return count;
    }
}

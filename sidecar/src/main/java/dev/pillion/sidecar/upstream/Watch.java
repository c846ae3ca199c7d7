package dev.pillion.sidecar.upstream;

import org.jspecify.annotations.Nullable;

/**
 * One deadline that moves often and is met rarely. The timer beneath is left alone while the
 * deadline only moves on, and armed anew when it fires early.
 */
final class Watch {
    private final Loop loop;
    private final Runnable expired;
    private Loop.@Nullable Timer timer;
    private long firesAtNanos;
    private long deadlineNanos;
    private boolean on;

    Watch(Loop loop, Runnable expired) {
        this.loop = loop;
        this.expired = expired;
    }

    /** Expires that long from now, unless set anew before. */
    void in(long nanos) {
        deadlineNanos = loop.nanos() + nanos;
        on = true;
        Loop.Timer armed = timer;
        if (armed == null) {
            arm(nanos);
        } else if (deadlineNanos - firesAtNanos < 0) {
            armed.cancel();
            arm(nanos);
        }
    }

    /** Does not expire until set again. */
    void off() {
        on = false;
    }

    /** For good. */
    void stop() {
        on = false;
        Loop.Timer armed = timer;
        if (armed != null) {
            armed.cancel();
            timer = null;
        }
    }

    private void arm(long nanos) {
        firesAtNanos = deadlineNanos;
        timer = loop.after(nanos, this::fired);
    }

    private void fired() {
        timer = null;
        if (!on) {
            return;
        }
        long left = deadlineNanos - loop.nanos();
        if (left > 0) {
            arm(left);
        } else {
            on = false;
            expired.run();
        }
    }
}

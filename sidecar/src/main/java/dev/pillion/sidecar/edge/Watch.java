package dev.pillion.sidecar.edge;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that moves with every request: moving it on is a field write, and the timer behind it
 * looks again when it rings. Used on its loop only.
 */
final class Watch implements Runnable {
    private final EventLoop loop;
    private final Runnable action;
    private boolean set;
    private long deadlineNanos;
    private long ringsNanos;
    private @Nullable Future<?> timer;

    Watch(EventLoop loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    void set(long delayNanos) {
        set = true;
        deadlineNanos = System.nanoTime() + delayNanos;
        if (timer == null || deadlineNanos - ringsNanos < 0) {
            stopTimer();
            startTimer(delayNanos);
        }
    }

    boolean isSet() {
        return set;
    }

    void clear() {
        set = false;
    }

    /** Leaves nothing behind on the loop. */
    void close() {
        set = false;
        stopTimer();
    }

    @Override
    public void run() {
        timer = null;
        if (!set) {
            return;
        }
        long leftNanos = deadlineNanos - System.nanoTime();
        if (leftNanos > 0) {
            startTimer(leftNanos);
        } else {
            set = false;
            action.run();
        }
    }

    private void startTimer(long delayNanos) {
        ringsNanos = System.nanoTime() + delayNanos;
        timer = loop.schedule(this, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }
}

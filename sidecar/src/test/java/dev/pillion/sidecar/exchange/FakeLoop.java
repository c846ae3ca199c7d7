package dev.pillion.sidecar.exchange;

import dev.pillion.sidecar.upstream.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop whose time is turned by hand. */
final class FakeLoop implements Loop {
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Task> later =
            new PriorityQueue<>(
                    Comparator.comparingLong((Task t) -> t.atNanos)
                            .thenComparingLong(t -> t.order));
    private long nowNanos = 1_000_000;
    private long order;

    private static final class Task implements Timer {
        final long atNanos;
        final long order;
        final Runnable work;
        boolean cancelled;

        Task(long atNanos, long order, Runnable work) {
            this.atNanos = atNanos;
            this.order = order;
            this.work = work;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @Override
    public long nanos() {
        return nowNanos;
    }

    @Override
    public Timer after(long delayNanos, Runnable task) {
        var timed = new Task(nowNanos + delayNanos, order++, task);
        later.add(timed);
        return timed;
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    /** Runs what is ready. */
    void settle() {
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
            task.run();
        }
    }

    /** Lets the time pass, running everything that falls due in it. */
    void pass(Duration time) {
        settle();
        long end = nowNanos + time.toNanos();
        while (!later.isEmpty() && later.element().atNanos <= end) {
            Task task = later.remove();
            nowNanos = Math.max(nowNanos, task.atNanos);
            if (!task.cancelled) {
                task.work.run();
                settle();
            }
        }
        nowNanos = end;
    }

    /** Timers that would still run. */
    long pending() {
        return later.stream().filter(task -> !task.cancelled).count();
    }
}

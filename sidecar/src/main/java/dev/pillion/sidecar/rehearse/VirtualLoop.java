package dev.pillion.sidecar.rehearse;

import dev.pillion.sidecar.upstream.Loop;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop whose time jumps from one event to the next. */
final class VirtualLoop implements Loop {
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Task> later =
            new PriorityQueue<>(
                    Comparator.comparingLong((Task task) -> task.atNanos)
                            .thenComparingLong(task -> task.order));
    private long nowNanos;
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
        var timed = new Task(nowNanos + Math.max(0, delayNanos), order++, task);
        later.add(timed);
        return timed;
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    /** Runs all that is to be done, until nothing is left. */
    void run() {
        settle();
        for (Task task = later.poll(); task != null; task = later.poll()) {
            if (!task.cancelled) {
                nowNanos = task.atNanos;
                task.work.run();
                settle();
            }
        }
    }

    private void settle() {
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
            task.run();
        }
    }
}

package dev.pillion.sidecar.telemetry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of its own behind a bounded queue: whoever offers never waits, and what finds the queue
 * full is counted and not written.
 */
public final class BatchWriter<T> implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /**
     * Where batches go; asked by the writing thread alone, which {@link #close} interrupts: a sink
     * that writes files does so by streams, since channels close on an interrupt.
     */
    public interface Sink<T> {
        /** Writes the batch; it is the writer's again when this returns. */
        void write(List<T> batch);

        /** Nothing has come for a while after the last batch; told once. */
        default void rest() {}
    }

    /**
     * How much is held, and for how long.
     *
     * @param queueItems how many wait at most
     * @param batchItems how many are written at once at most
     * @param gather how long one waits for others. Under load the thread then wakes some times a
     *     second in place of once an item, and nobody who offers pays for waking it.
     * @param rest after how long without items the sink is told so
     */
    public record Bounds(int queueItems, int batchItems, Duration gather, Duration rest) {}

    private final BlockingQueue<T> queue;
    private final Bounds bounds;
    private final Sink<T> sink;
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Object progress = new Object();
    private final Thread thread;
    private long written;
    private volatile boolean closing;

    public BatchWriter(String name, Bounds bounds, Sink<T> sink) {
        this.queue = new ArrayBlockingQueue<>(bounds.queueItems());
        this.bounds = bounds;
        this.sink = sink;
        this.thread = Thread.ofPlatform().name(name).daemon(true).start(this::run);
    }

    /** Puts the item into the queue; false: it is full, and the item counted as dropped. */
    public boolean offer(T item) {
        if (queue.offer(item)) {
            offered.incrementAndGet();
            return true;
        }
        dropped.incrementAndGet();
        return false;
    }

    /** How many found the queue full. */
    public long dropped() {
        return dropped.get();
    }

    /** True once {@link #close} has been called: a sink that waits for better times need not. */
    public boolean closing() {
        return closing;
    }

    /**
     * Waits until what was offered before is written.
     *
     * @return false when that took longer than the patience
     */
    public boolean settle(Duration patience) throws InterruptedException {
        long goal = offered.get();
        long end = System.nanoTime() + patience.toNanos();
        synchronized (progress) {
            while (written < goal) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                progress.wait(left);
            }
        }
        return true;
    }

    /** Writes what is in the queue, waiting at most five seconds. */
    @Override
    public void close() {
        close(CLOSE);
    }

    /**
     * Writes what is in the queue.
     *
     * @return how many items are left because that took longer than the patience
     */
    int close(Duration patience) {
        closing = true;
        thread.interrupt();
        try {
            thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return queue.size();
    }

    private void run() {
        List<T> batch = new ArrayList<>(bounds.batchItems());
        boolean resting = true;
        while (!closing || !queue.isEmpty()) {
            T first = first(resting);
            if (first == null) {
                sink.rest();
                resting = true;
                continue;
            }
            resting = false;
            batch.add(first);
            if (!closing) {
                LockSupport.parkNanos(bounds.gather().toNanos());
            }
            queue.drainTo(batch, bounds.batchItems() - 1);
            write(batch);
            done(batch.size());
            batch.clear();
        }
        sink.rest();
    }

    /** A defect of the sink's costs its batch, and not the thread. */
    private void write(List<T> batch) {
        try {
            sink.write(batch);
        } catch (RuntimeException e) {
            dropped.addAndGet(batch.size());
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    /** The next item; null: none for a while, or closing. */
    private @Nullable T first(boolean resting) {
        try {
            return resting && !closing
                    ? queue.take()
                    : queue.poll(closing ? 0 : bounds.rest().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return queue.poll(); // closing: what is queued is still written
        }
    }

    private void done(int items) {
        synchronized (progress) {
            written += items;
            progress.notifyAll();
        }
    }
}

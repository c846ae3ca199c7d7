package dev.pillion.sidecar;

import java.util.function.LongSupplier;

/**
 * Gives the heap back that a load has left behind. The serial collector looks at its old part only
 * when all of it is full, so without this a daemon that was busy once would stay as large for good.
 * Looked after every {@link #EVERY_SECONDS} by a thread that may wait.
 */
public final class Housekeeper {
    public static final int EVERY_SECONDS = 5;

    /** Growth that is worth a collection, of some 50 ms, while nobody waits for an answer. */
    static final long IDLE_GROWTH_BYTES = 8L << 20;

    /** And while somebody may: then at most every {@link #BUSY_LOOKS} looks. */
    static final long BUSY_GROWTH_BYTES = 64L << 20;

    static final int BUSY_LOOKS = 12;

    private final LongSupplier inflight;
    private final LongSupplier heapBytes;
    private final Runnable collector;
    private long keptBytes;
    private boolean wasIdle;
    private int looks;

    /**
     * Keeps house.
     *
     * @param inflight requests begun and not yet answered
     * @param heapBytes what the heap has of the system, used or not
     * @param collector collects all of the heap
     */
    Housekeeper(LongSupplier inflight, LongSupplier heapBytes, Runnable collector) {
        this.inflight = inflight;
        this.heapBytes = heapBytes;
        this.collector = collector;
        this.keptBytes = heapBytes.getAsLong();
    }

    /** For this process. */
    static Housekeeper of(LongSupplier inflight) {
        return new Housekeeper(inflight, Runtime.getRuntime()::totalMemory, System::gc);
    }

    /** Collects, if that is worth its pause. */
    public void look() {
        boolean idle = inflight.getAsLong() == 0;
        boolean stillIdle = idle && wasIdle;
        wasIdle = idle;
        looks++;
        long grown = heapBytes.getAsLong() - keptBytes;
        boolean busy = looks >= BUSY_LOOKS && grown >= BUSY_GROWTH_BYTES;
        if (busy || (stillIdle && grown >= IDLE_GROWTH_BYTES)) {
            collector.run();
            keptBytes = heapBytes.getAsLong();
            looks = 0;
        }
    }
}

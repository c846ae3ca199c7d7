package dev.pillion.sidecar.upstream;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all bodies in memory may hold together. */
public final class ByteBudget {
    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    public ByteBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes the bytes, or takes nothing and says false. Whoever took gives back. */
    public boolean take(long bytes) {
        if (held.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    public void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    public long heldBytes() {
        return held.get();
    }

    public long maxBytes() {
        return maxBytes;
    }
}

package dev.pillion.sidecar.dispatch;

import dev.pillion.sidecar.upstream.Loop;

/**
 * How much of a request's time is the vendors' and the network's: while any attempt waits for its
 * answer's head, and the pauses between attempts.
 */
final class VendorTime {
    private final Loop loop;
    private int waiting;
    private long sinceNanos;
    private long sumNanos;

    VendorTime(Loop loop) {
        this.loop = loop;
    }

    /** One more attempt waits. */
    void begin() {
        if (waiting++ == 0) {
            sinceNanos = loop.nanos();
        }
    }

    /** One of them waits no more. */
    void end() {
        if (--waiting == 0) {
            sumNanos += loop.nanos() - sinceNanos;
        }
    }

    void pause(long nanos) {
        sumNanos += nanos;
    }

    /** All of it so far. */
    long nanos() {
        return waiting == 0 ? sumNanos : sumNanos + loop.nanos() - sinceNanos;
    }
}

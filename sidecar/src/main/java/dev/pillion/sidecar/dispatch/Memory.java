package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.sidecar.upstream.ByteBudget;
import java.time.Duration;

/** What one reply holds of the daemon's memory for bodies. */
final class Memory {
    private final ByteBudget budget;
    private final long maxBytes;
    private long takenBytes;

    Memory(ByteBudget budget, long maxBytes) {
        this.budget = budget;
        this.maxBytes = maxBytes;
    }

    /** Takes room for more; false: there is none. */
    boolean take(long bytes) {
        if (takenBytes + bytes > maxBytes || !budget.take(bytes)) {
            return false;
        }
        takenBytes += bytes;
        return true;
    }

    void release() {
        budget.giveBack(takenBytes);
        takenBytes = 0;
    }

    /** Why there is no room. */
    Fault fault() {
        String message =
                "the answer does not fit: over "
                        + maxBytes
                        + " bytes, or all bodies together over the daemon's budget of "
                        + budget.maxBytes();
        return new Fault(
                FaultKind.OVERLOADED,
                Origin.PILLION,
                Retry.NEVER,
                message,
                null,
                Duration.ofSeconds(1),
                null);
    }
}

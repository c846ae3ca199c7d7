package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Inflation;
import dev.pillion.sidecar.upstream.ByteBudget;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects a request body into one array, within its limit and the daemon's budget. A body beyond
 * either is let go and only counted from there on.
 */
final class BodyCollector {
    private static final byte[] EMPTY = {};

    /** Up to here an array is made for what the client states; beyond, for what it sends. */
    private static final int TRUSTED_BYTES = 256 << 10;

    private static final int FIRST_BYTES = 8 << 10;

    private final ByteBudget budget;
    private final int maxBytes;

    private byte[] bytes = EMPTY;
    private int length;
    private long heldBytes;
    private long statedBytes;
    private long discardedBytes;
    private @Nullable EdgeFault refusal;

    BodyCollector(ByteBudget budget, int maxBytes) {
        this.budget = budget;
        this.maxBytes = maxBytes;
    }

    /**
     * Begins a body.
     *
     * @param stated its length as the client says; -1 when it does not say
     */
    void begin(long stated) {
        statedBytes = stated;
        if (stated > maxBytes) {
            refuse(EdgeFault.bodyTooLarge(maxBytes));
        } else if (stated > 0) {
            grow((int) Math.min(stated, TRUSTED_BYTES));
        }
    }

    /** Takes the next {@code count} bytes out of the buffer. */
    void append(ByteBuf in, int count) {
        if (refusal == null && (long) length + count > maxBytes) {
            refuse(EdgeFault.bodyTooLarge(maxBytes));
        }
        if (refusal == null && length + count > bytes.length) {
            grow(capacityFor(length + count));
        }
        if (refusal != null) {
            in.skipBytes(count);
            discardedBytes += count;
            return;
        }
        in.readBytes(bytes, length, count);
        length += count;
    }

    private int capacityFor(int needed) {
        long doubled = Math.max(needed, Math.max(FIRST_BYTES, 2L * bytes.length));
        long most = statedBytes < 0 ? maxBytes : statedBytes;
        return (int) Math.max(needed, Math.min(doubled, most));
    }

    private void grow(int capacity) {
        int more = capacity - bytes.length;
        if (!budget.take(more)) {
            refuse(EdgeFault.bodiesFull());
            return;
        }
        heldBytes += more;
        bytes = length == 0 ? new byte[capacity] : Arrays.copyOf(bytes, capacity);
    }

    /** From here on the body is discarded, for that reason. */
    void refuse(EdgeFault fault) {
        refusal = fault;
        letGo();
    }

    /** Why the body is being discarded; null while it is collected. */
    @Nullable EdgeFault refusal() {
        return refusal;
    }

    long discardedBytes() {
        return discardedBytes;
    }

    /** The whole body. Its bytes count against the budget until {@link #reset}. */
    byte[] whole() {
        return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Begins to unpack the whole body. */
    Unpacking unpacking(List<Inflation.Coding> codings) {
        return new Unpacking(budget, ByteBuffer.wrap(bytes, 0, length), codings, maxBytes);
    }

    /** Holds the body as it was unpacked in the place of what came, or why it could not be. */
    void unpacked(Unpacking plain) {
        letGo();
        refusal = plain.refusal();
        bytes = plain.whole();
        length = bytes.length;
        heldBytes = plain.heldBytes();
    }

    /** Makes ready for the next body, and gives back what this one took of the budget. */
    void reset() {
        letGo();
        refusal = null;
        discardedBytes = 0;
    }

    private void letGo() {
        bytes = EMPTY;
        length = 0;
        if (heldBytes > 0) {
            budget.giveBack(heldBytes);
            heldBytes = 0;
        }
    }
}

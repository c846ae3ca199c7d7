package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Inflation;
import dev.pillion.sidecar.upstream.ByteBudget;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks one request body, step by step, so that a large one can be left to another thread; used
 * by one thread at a time. What comes out obeys the limit of a body that is sent plain, at each of
 * its layers, and the daemon's budget: a body made to burst is given up where it passes them.
 */
final class Unpacking {
    /** Packed bytes given to the unpacker at once, which copies them. */
    private static final int FEED_BYTES = 64 << 10;

    private static final int FIRST_BYTES = 16 << 10;

    private final ByteBudget budget;
    private final int maxBytes;
    private final ByteBuffer packed;
    private final Inflation[] layers;
    private final long[] layerBytes;
    private byte[] bytes = new byte[0];
    private int length;
    private long heldBytes;
    private @Nullable EdgeFault refusal;
    private volatile boolean cancelled;

    /**
     * Begins.
     *
     * @param codings in the order in which they are to be undone
     * @param maxBytes of the body when it is plain
     */
    Unpacking(ByteBudget budget, ByteBuffer packed, List<Inflation.Coding> codings, int maxBytes) {
        this.budget = budget;
        this.maxBytes = maxBytes;
        this.packed = packed;
        this.layers = codings.stream().map(Inflation::new).toArray(Inflation[]::new);
        this.layerBytes = new long[layers.length];
    }

    /** Unpacks about so many bytes more; whether that was all of it. */
    boolean run(int stepBytes) {
        long until = (long) length + stepBytes;
        try {
            while (refusal == null && !cancelled && length < until) {
                ByteBuffer piece = next(layers.length - 1);
                if (piece == null) {
                    return over();
                }
                append(piece);
            }
        } catch (DataFormatException e) {
            refuse(EdgeFault.malformed("the request body " + e.getMessage(), "content-encoding"));
        }
        return (refusal != null || cancelled) && over();
    }

    /** Unpacks the rest on a thread of its own, and then goes on with {@code done} on the loop. */
    void runElsewhere(Executor loop, Runnable done, Consumer<Throwable> broken) {
        Thread.ofVirtual()
                .name("pillion-unpack")
                .start(() -> {
                    try {
                        run(Integer.MAX_VALUE);
                    } catch (Throwable thrown) { // or its exchange would never end
                        over();
                        release();
                        loop.execute(() -> broken.accept(thrown));
                        return;
                    }
                    loop.execute(done);
                });
    }

    private boolean over() {
        bytes = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        for (Inflation layer : layers) {
            layer.close();
        }
        return true;
    }

    /** The next piece that comes out of a layer; null when its input is over, as it should be. */
    private @Nullable ByteBuffer next(int layer) throws DataFormatException {
        while (!cancelled) {
            ByteBuffer piece = layers[layer].next();
            if (piece != null) {
                layerBytes[layer] += piece.remaining();
                if (layerBytes[layer] > maxBytes) {
                    refuse(EdgeFault.unpackedTooLarge(maxBytes));
                    return null;
                }
                return piece;
            }
            ByteBuffer more = layer == 0 ? feed() : next(layer - 1);
            if (more == null) {
                if (refusal == null) {
                    layers[layer].finish();
                }
                return null;
            }
            layers[layer].take(more);
        }
        return null;
    }

    private @Nullable ByteBuffer feed() {
        int count = Math.min(FEED_BYTES, packed.remaining());
        if (count == 0) {
            return null;
        }
        ByteBuffer slice = packed.slice(packed.position(), count);
        packed.position(packed.position() + count);
        return slice;
    }

    private void append(ByteBuffer piece) {
        int count = piece.remaining();
        if (length + count > bytes.length && !grow(length + count)) {
            return;
        }
        piece.get(bytes, length, count);
        length += count;
    }

    private boolean grow(int needed) {
        long doubled = Math.max(FIRST_BYTES, 2L * bytes.length);
        int capacity = (int) Math.max(needed, Math.min(doubled, maxBytes));
        int more = capacity - bytes.length;
        if (!budget.take(more)) {
            refuse(EdgeFault.bodiesFull());
            return false;
        }
        heldBytes += more;
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    private void refuse(EdgeFault fault) {
        refusal = fault;
        release();
    }

    /** Why the body can't be unpacked; null when it could. */
    @Nullable EdgeFault refusal() {
        return refusal;
    }

    /** From any thread: nobody wants it any more. */
    void cancel() {
        cancelled = true;
    }

    /** The whole body, once all of it is unpacked. */
    byte[] whole() {
        return bytes;
    }

    /** What it has taken of the budget. */
    long heldBytes() {
        return heldBytes;
    }

    /** Gives back what it took of the budget. */
    void release() {
        budget.giveBack(heldBytes);
        heldBytes = 0;
        bytes = new byte[0];
        length = 0;
    }
}

package dev.pillion.sidecar.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Collects the pieces of an answer's body between two flushes, and frames them as one chunk. */
final class AnswerBody {
    /** Room ahead of a chunk for its size: eight hex digits and CR LF. */
    private static final int SIZE_BYTES = 10;

    private static final int FIRST_BYTES = 2 << 10;
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final ByteBufAllocator buffers;
    private final boolean chunked;
    private @Nullable ByteBuf waiting;

    AnswerBody(ByteBufAllocator buffers, boolean chunked) {
        this.buffers = buffers;
        this.chunked = chunked;
    }

    void write(ByteBuffer piece) {
        ByteBuf into = waiting;
        if (into == null) {
            into = buffers.ioBuffer(Math.max(FIRST_BYTES, piece.remaining() + 2 * SIZE_BYTES));
            into.setIndex(SIZE_BYTES, SIZE_BYTES);
            waiting = into;
        }
        into.writeBytes(piece);
    }

    int waitingBytes() {
        ByteBuf held = waiting;
        return held == null ? 0 : held.readableBytes();
    }

    /**
     * What was written since the last time, framed; null when there is nothing to send.
     *
     * @param complete whether nothing follows
     */
    @Nullable ByteBuf take(boolean complete) {
        ByteBuf taken = waiting;
        waiting = null;
        if (taken == null || !taken.isReadable()) {
            release(taken);
            return chunked && complete ? Unpooled.wrappedBuffer(LAST_CHUNK) : null;
        }
        if (chunked) {
            frame(taken);
            if (complete) {
                taken.writeBytes(LAST_CHUNK);
            }
        }
        return taken;
    }

    private static void frame(ByteBuf buffer) {
        int at = SIZE_BYTES - 1;
        buffer.setByte(at, '\n');
        buffer.setByte(--at, '\r');
        for (int size = buffer.readableBytes(); size != 0; size >>>= 4) {
            buffer.setByte(--at, HEX[size & 15]);
        }
        buffer.readerIndex(at);
        buffer.writeByte('\r').writeByte('\n');
    }

    void release() {
        release(waiting);
        waiting = null;
    }

    private static void release(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }
}

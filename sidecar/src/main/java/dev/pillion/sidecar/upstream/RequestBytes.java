package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.wire.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The bytes of one request, copied piece by piece into buffers that the socket can take: the one
 * copy that a body on the heap needs in any case, and never more of it at once than is being sent.
 */
final class RequestBytes {
    private static final int PIECE_BYTES = 64 << 10;

    private final List<ByteBuffer> body;
    private long left;
    private int slice;
    private int position;

    RequestBytes(List<ByteBuffer> body) {
        this.body = body;
        this.left = length(body);
    }

    static long length(List<ByteBuffer> body) {
        long bytes = 0;
        for (ByteBuffer piece : body) {
            bytes += piece.remaining();
        }
        return bytes;
    }

    /** The head with the first of the body. */
    ByteBuf first(ByteBufAllocator allocator, ByteSink head) {
        ByteBuf out = allocator.directBuffer(head.size() + (int) Math.min(left, PIECE_BYTES));
        out.writeBytes(head.array(), 0, head.size());
        return fill(out);
    }

    ByteBuf next(ByteBufAllocator allocator) {
        return fill(allocator.directBuffer((int) Math.min(left, PIECE_BYTES)));
    }

    boolean isOver() {
        return left == 0;
    }

    private ByteBuf fill(ByteBuf out) {
        int room = (int) Math.min(left, PIECE_BYTES);
        left -= room;
        while (room > 0) {
            ByteBuffer piece = body.get(slice).duplicate();
            piece.position(piece.position() + position);
            int count = Math.min(room, piece.remaining());
            piece.limit(piece.position() + count);
            position += count;
            room -= count;
            if (position == body.get(slice).remaining()) {
                slice++;
                position = 0;
            }
            out.writeBytes(piece);
        }
        return out;
    }
}

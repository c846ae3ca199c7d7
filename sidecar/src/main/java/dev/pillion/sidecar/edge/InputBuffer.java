package dev.pillion.sidecar.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/** What a connection has read and not yet used; most often exactly what one read brought. */
final class InputBuffer {
    private static final int MAX_BLANK_BYTES = 4;

    private final Channel channel;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private int blankBytes;

    InputBuffer(Channel channel) {
        this.channel = channel;
    }

    /** Takes the buffer over. */
    void add(ByteBuf in) {
        if (!held.isReadable()) {
            held.release();
            held = in;
            return;
        }
        if (held.writableBytes() < in.readableBytes()) {
            ByteBuf larger =
                    channel.alloc().buffer(2 * (held.readableBytes() + in.readableBytes()));
            larger.writeBytes(held);
            held.release();
            held = larger;
        }
        held.writeBytes(in);
        in.release();
    }

    /** Valid until the next call here. */
    ByteBuf bytes() {
        return held;
    }

    boolean isEmpty() {
        return !held.isReadable();
    }

    int size() {
        return held.readableBytes();
    }

    /** Old clients send an empty line after a body (RFC 9112, 2.2); only so many are forgiven. */
    void skipBlankLines() {
        while (held.isReadable() && blankBytes < MAX_BLANK_BYTES) {
            byte b = held.getByte(held.readerIndex());
            if (b != '\r' && b != '\n') {
                break;
            }
            held.skipBytes(1);
            blankBytes++;
        }
        if (held.isReadable()) {
            blankBytes = 0;
        }
    }

    /** Keeps no memory for bytes that are used. */
    void trim() {
        if (!held.isReadable()) {
            clear();
        }
    }

    void clear() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }
}

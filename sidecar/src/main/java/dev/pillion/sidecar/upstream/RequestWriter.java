package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.wire.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes requests to one connection, one after the other, each no faster than it is taken. */
final class RequestWriter {
    private final Channel channel;
    private final Consumer<@Nullable Throwable> outcome;
    private final ChannelFutureListener onePiece = this::check;
    private final ChannelFutureListener lastPiece = this::written;
    private @Nullable RequestBytes bytes;
    private boolean inWrite;

    /**
     * A writer.
     *
     * @param outcome hears null when all of a request is written, else why some of it can't be
     */
    RequestWriter(Channel channel, Consumer<@Nullable Throwable> outcome) {
        this.channel = channel;
        this.outcome = outcome;
    }

    void write(ByteSink head, List<ByteBuffer> body) {
        var all = new RequestBytes(body);
        bytes = all;
        write(all, all.first(channel.alloc(), head));
    }

    /** More can be written; false when there is no more, or it is being written already. */
    boolean writeOn() {
        RequestBytes rest = bytes;
        if (rest == null || inWrite || !channel.isWritable()) {
            return false;
        }
        write(rest, rest.next(channel.alloc()));
        return true;
    }

    /** Writes no more of the request. */
    void stop() {
        bytes = null;
    }

    private void write(RequestBytes rest, ByteBuf piece) {
        inWrite = true; // since a write may make the channel writable again while it runs
        ByteBuf out = piece;
        while (true) {
            if (rest.isOver()) {
                bytes = null;
                channel.writeAndFlush(out).addListener(lastPiece);
                break;
            }
            channel.writeAndFlush(out).addListener(onePiece);
            if (!channel.isWritable() || bytes == null) {
                break;
            }
            out = rest.next(channel.alloc());
        }
        inWrite = false;
    }

    private void check(ChannelFuture future) {
        if (!future.isSuccess()) {
            bytes = null;
            outcome.accept(future.cause());
        }
    }

    private void written(ChannelFuture future) {
        check(future);
        if (future.isSuccess()) {
            outcome.accept(null);
        }
    }
}

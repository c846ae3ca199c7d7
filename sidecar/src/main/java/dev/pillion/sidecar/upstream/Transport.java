package dev.pillion.sidecar.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** Sockets of the kind that a loop drives. */
final class Transport {
    /** What one read takes at most; two reads make one round. */
    private static final int READ_BYTES = 24 << 10;

    private static final int READS_PER_ROUND = 2;

    private Transport() {}

    /** Opens TCP connections on that loop, to resolved addresses, without a timeout of its own. */
    static Bootstrap bootstrap(EventLoop loop) {
        var reads = new AdaptiveRecvByteBufAllocator(512, 4096, READ_BYTES);
        reads.maxMessagesPerRead(READS_PER_ROUND);
        return new Bootstrap()
                .group(loop)
                .channel(socket(loop))
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                // A failed write must not cost the answer that says why; reading tells of the end.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(32 << 10, 64 << 10))
                .handler(new Nothing());
    }

    static Class<? extends SocketChannel> socket(EventLoop loop) {
        return isEpoll(loop) ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    static Class<? extends DatagramChannel> datagram(EventLoop loop) {
        return isEpoll(loop) ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    private static boolean isEpoll(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class);
    }

    /** A bootstrap wants a handler; ours come when the connection stands. */
    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {
        /** Before the connection stands its future tells what goes wrong; epoll may do so too. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!ctx.equals(ctx.pipeline().lastContext())) {
                ctx.fireExceptionCaught(cause);
            }
        }
    }
}

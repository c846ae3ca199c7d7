package dev.pillion.sidecar.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The daemon's event loops, shared by the listeners and the vendor connections. */
public final class Loops implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    private final EventLoopGroup group;
    private final boolean epoll;

    private Loops(EventLoopGroup group, boolean epoll) {
        this.group = group;
        this.epoll = epoll;
    }

    /** With epoll where this system has it, else with NIO. */
    public static Loops open(int count) {
        return Epoll.isAvailable()
                ? new Loops(group(count, EpollIoHandler.newFactory()), true)
                : openNio(count);
    }

    /** Without epoll: no caller's uid is known then, and a client that leaves is noticed later. */
    public static Loops openNio(int count) {
        return new Loops(group(count, NioIoHandler.newFactory()), false);
    }

    private static EventLoopGroup group(int count, IoHandlerFactory io) {
        if (count < 1 || count > 64) {
            throw new IllegalArgumentException("event loops: " + count + " (expected: 1 to 64)");
        }
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("loop", true), io);
    }

    public NettyLoop next() {
        return NettyLoop.of(group.next());
    }

    public EventLoopGroup group() {
        return group;
    }

    public boolean epoll() {
        return epoll;
    }

    /** The channel type of an outgoing TCP connection. */
    public Class<? extends Channel> tcpType() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** The channel type of the resolver's UDP socket. */
    public Class<? extends DatagramChannel> udpType() {
        return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    /** Ends the loops; what is still queued on them has a moment to run. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}

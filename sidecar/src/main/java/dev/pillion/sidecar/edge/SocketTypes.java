package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.upstream.Loops;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** The channel classes of a kind of loop. */
final class SocketTypes {
    private SocketTypes() {}

    static Class<? extends ServerChannel> tcpServer(Loops loops) {
        return loops.epoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    static Class<? extends ServerChannel> unixServer(Loops loops) {
        return loops.epoll()
                ? EpollServerDomainSocketChannel.class
                : NioServerDomainSocketChannel.class;
    }

    static Class<? extends Channel> unixClient(Loops loops) {
        return loops.epoll() ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }

    static SocketAddress unixAddress(Loops loops, Path path) {
        return loops.epoll()
                ? new DomainSocketAddress(path.toFile())
                : UnixDomainSocketAddress.of(path);
    }
}

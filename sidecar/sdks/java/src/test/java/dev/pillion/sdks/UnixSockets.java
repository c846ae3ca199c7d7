package dev.pillion.sdks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import javax.net.SocketFactory;

/** What OkHttp needs to speak to a Unix socket: all that an application has to bring. */
final class UnixSockets extends SocketFactory {
    private final Path path;

    UnixSockets(Path path) {
        this.path = path;
    }

    @Override
    public Socket createSocket() throws IOException {
        return new Unix(path);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new SocketException("only unconnected sockets are made");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
            throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host.getHostName(), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
            throws IOException {
        return createSocket(host, port);
    }

    private static final class Unix extends Socket {
        private final Path path;
        private final SocketChannel channel;

        private Unix(Path path) throws IOException {
            this.path = path;
            this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
            channel.connect(UnixDomainSocketAddress.of(path));
        }

        @Override
        public InputStream getInputStream() {
            return Channels.newInputStream(channel);
        }

        @Override
        public OutputStream getOutputStream() {
            return Channels.newOutputStream(channel);
        }

        @Override
        public void setSoTimeout(int timeoutMillis) {
            // A channel has no such option; OkHttp closes the socket when its own timeout is over.
        }

        @Override
        public int getSoTimeout() {
            return 0;
        }

        @Override
        public boolean isConnected() {
            return channel.isConnected();
        }

        @Override
        public boolean isClosed() {
            return !channel.isOpen();
        }

        @Override
        public synchronized void close() throws IOException {
            channel.close();
        }
    }
}

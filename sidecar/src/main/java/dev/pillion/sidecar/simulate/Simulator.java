package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.anthropic.SimulatedAnthropic;
import dev.pillion.sidecar.simulate.gemini.SimulatedGemini;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import dev.pillion.sidecar.simulate.openai.SimulatedOpenAi;
import dev.pillion.sidecar.simulate.xai.SimulatedXai;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A simulated vendor on a port of the loopback interface, until it is closed. It checks requests as
 * the vendor does, answers in the vendor's format, and does wrong what {@link #faults} says. Over
 * HTTP the same switch is {@code POST /__fault} and {@code DELETE /__fault}; {@code GET /__log}
 * tells what was seen.
 */
public final class Simulator implements AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    private final EventLoopGroup loops;
    private final ServerBootstrap bootstrap;
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final RequestLog log = new RequestLog();
    private final FaultSwitch faults = new FaultSwitch(this::listen);
    private final String scheme;
    private final InetSocketAddress address;

    /** Keeps the port from everybody else, also while nobody listens on it. */
    private final Socket holder;

    /** The listener's own loop: once it has ended, so has the socket, and connects are refused. */
    private @Nullable EventLoopGroup acceptor;

    /**
     * How a simulated vendor is to run.
     *
     * @param port 0: any free one
     * @param tls serves HTTPS with this context; null: plain HTTP
     * @param chunkDelayMillis before every event of a stream
     */
    public record Options(
            SimulatedVendor vendor, int port, @Nullable SslContext tls, long chunkDelayMillis) {
        public static Options of(SimulatedVendor vendor) {
            return new Options(vendor, 0, null, 0);
        }

        /** Anthropic Messages; any API key will do, unless some are named. */
        public static Options anthropic(String... keys) {
            return of(new SimulatedAnthropic(Set.of(keys), Clock.systemUTC()));
        }

        /** OpenAI; any API key will do, unless some are named. */
        public static Options openAi(String... keys) {
            return of(new SimulatedOpenAi(Set.of(keys), Clock.systemUTC()));
        }

        /** The Gemini API; any API key will do, unless some are named. */
        public static Options gemini(String... keys) {
            return of(new SimulatedGemini(Set.of(keys), Clock.systemUTC()));
        }

        /** xAI; any API key will do, unless some are named. */
        public static Options xai(String... keys) {
            return of(new SimulatedXai(Set.of(keys), Clock.systemUTC()));
        }

        /**
         * Serves HTTPS with a certificate chain and its key.
         *
         * @throws SSLException if the files are not PEM, or do not belong together
         */
        public Options withTls(Path certificates, Path key) throws SSLException {
            var context = SslContextBuilder.forServer(certificates.toFile(), key.toFile()).build();
            return withTls(context);
        }

        public Options withTls(SslContext context) {
            return new Options(vendor, port, context, chunkDelayMillis);
        }

        public Options withPort(int wanted) {
            return new Options(vendor, wanted, tls, chunkDelayMillis);
        }

        public Options withChunkDelayMillis(long millis) {
            return new Options(vendor, port, tls, millis);
        }
    }

    private Simulator(Options options) {
        this.loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        this.scheme = options.tls() == null ? "http" : "https";
        this.bootstrap =
                new ServerBootstrap()
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, 1_024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(new Connections(options, faults, log, clients));
        this.holder = hold(options.port());
        this.address = (InetSocketAddress) holder.getLocalSocketAddress();
        this.acceptor = bind();
    }

    /** Binds and never listens; a listener with the same reuse option may bind beside it. */
    private Socket hold(int port) {
        var where = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(where);
            return socket;
        } catch (IOException e) {
            throw unavailable(socket, where, e);
        }
    }

    private IllegalStateException unavailable(
            Socket held, InetSocketAddress where, Throwable cause) {
        var _ = loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        var failure = new IllegalStateException("cannot listen on " + where, cause);
        try {
            held.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /**
     * Starts a vendor and waits until it listens.
     *
     * @throws IllegalStateException if the port is taken
     */
    public static Simulator start(Options options) {
        return new Simulator(options);
    }

    /** What every new connection gets. */
    private static final class Connections extends ChannelInitializer<SocketChannel> {
        private final Options options;
        private final FaultSwitch faults;
        private final RequestLog log;
        private final ChannelGroup clients;

        private Connections(
                Options options, FaultSwitch faults, RequestLog log, ChannelGroup clients) {
            this.options = options;
            this.faults = faults;
            this.log = log;
            this.clients = clients;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            clients.add(channel);
            var tls = options.tls();
            if (tls != null) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc()));
            }
            channel.pipeline()
                    .addLast(
                            new HttpRequestDecoder(
                                    new HttpDecoderConfig()
                                            .setMaxInitialLineLength(16_384)
                                            .setMaxHeaderSize(65_536)
                                            .setMaxChunkSize(65_536)))
                    .addLast(new HttpContentDecompressor(0))
                    .addLast(
                            new VendorConnection(
                                    options.vendor(), faults, log, options.chunkDelayMillis()));
        }
    }

    private EventLoopGroup bind() {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var bound = bootstrap.clone().group(group, loops).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            end(group);
            throw unavailable(holder, address, bound.cause());
        }
        return group;
    }

    private static void end(EventLoopGroup group) {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private synchronized void listen(boolean on) {
        var current = acceptor;
        if (on && current == null && !loops.isShuttingDown()) {
            acceptor = bind();
        } else if (!on && current != null) {
            end(current);
            clients.close().awaitUninterruptibly();
            acceptor = null;
        }
    }

    /** {@code http://127.0.0.1:PORT}, or https. */
    public String origin() {
        return scheme + "://127.0.0.1:" + address.getPort();
    }

    public int port() {
        return address.getPort();
    }

    public FaultSwitch faults() {
        return faults;
    }

    public RequestLog log() {
        return log;
    }

    @Override
    public synchronized void close() {
        try (holder) {
            if (acceptor != null) {
                end(acceptor);
            }
            end(loops);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give up " + address, e);
        }
    }
}

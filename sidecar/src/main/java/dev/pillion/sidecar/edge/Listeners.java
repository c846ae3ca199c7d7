package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.exchange.Door;
import dev.pillion.sidecar.exchange.Handler;
import dev.pillion.sidecar.telemetry.Diagnostics;
import dev.pillion.sidecar.upstream.ByteBudget;
import dev.pillion.sidecar.upstream.Loops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The doors of the daemon: each listener with its handler. Opened one by one at start; afterwards
 * {@link #stopAccepting}, a wait for {@link #inflight} to become 0, and {@link #close} make a
 * drain.
 */
public final class Listeners implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int SMALL_BODY_BYTES = 1 << 20;
    private static final Duration TOKEN_RELOAD = Duration.ofSeconds(2);
    private static final String ADMIN_MODE = "rw-------";

    private final Loops loops;
    private final EdgeOptions options;
    private final Edge edge;
    private final List<Open> open = new ArrayList<>();
    private final List<TokenFile> tokens = new ArrayList<>();

    /** A listener; with its file when it is a Unix socket. */
    private record Open(boolean drains, Channel channel, @Nullable UnixSocketFile file) {}

    /**
     * Listeners without a door yet.
     *
     * @param errors gives what is refused its shape, and is told of it
     * @param bodies what all request bodies in memory may hold together
     */
    public Listeners(
            Loops loops,
            EdgeOptions options,
            ByteBudget bodies,
            ErrorBody errors,
            Diagnostics diagnostics) {
        this.loops = loops;
        this.options = options;
        this.edge = new Edge(options, bodies, errors, diagnostics);
    }

    /**
     * Opens the data socket.
     *
     * @param mode such as {@code rw-rw----}
     */
    public void openDataSocket(Path path, String mode, Handler handler) throws ListenException {
        openUnix(path, mode, "rwxr-xr-x", setup(Door.DATA_SOCKET, handler, Gate.open()));
    }

    /** Opens the admin socket, for this user and root. */
    public void openAdmin(Path path, Handler handler) throws ListenException {
        Gate gate = loops.epoll() ? Gate.sameUser(ownUid()) : Gate.open();
        openUnix(path, ADMIN_MODE, "rwx------", setup(Door.ADMIN, handler, gate));
    }

    private static int ownUid() throws ListenException {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new ListenException("cannot read this process's uid from /proc/self", e);
        }
    }

    /**
     * Opens the data port.
     *
     * @param remoteAllowed whether it may be anything but loopback, and be called by any name
     * @param tokenFile the bearer token that callers must show; null asks for none
     * @return the address with its real port
     */
    public InetSocketAddress openDataTcp(
            InetSocketAddress address,
            boolean remoteAllowed,
            @Nullable Path tokenFile,
            Handler handler)
            throws ListenException {
        checkResolved(address);
        if (!remoteAllowed && !address.getAddress().isLoopbackAddress()) {
            throw new ListenException(
                    "refusing to listen on "
                            + text(address)
                            + ", which is not loopback (expected: 127.0.0.1 or [::1], or"
                            + " --tcp-allow-remote)",
                    null);
        }
        TokenFile token = null;
        if (tokenFile != null) {
            token = TokenFile.open(tokenFile, TOKEN_RELOAD, edge.diagnostics());
            tokens.add(token);
        }
        return openTcp(address, setup(Door.DATA_TCP, handler, Gate.tcp(remoteAllowed, token)));
    }

    /** Opens the port of the probes. */
    public InetSocketAddress openProbes(InetSocketAddress address, Handler handler)
            throws ListenException {
        checkResolved(address);
        return openTcp(address, setup(Door.PROBES, handler, Gate.open()));
    }

    private DoorSetup setup(Door door, Handler handler, Gate gate) {
        int maxBodyBytes =
                switch (door) {
                    case DATA_SOCKET, DATA_TCP, ADMIN -> options.maxBodyBytes();
                    case PROBES -> Math.min(SMALL_BODY_BYTES, options.maxBodyBytes());
                };
        return new DoorSetup(door, handler, gate, maxBodyBytes);
    }

    private static void checkResolved(InetSocketAddress address) throws ListenException {
        if (address.isUnresolved()) {
            throw new ListenException("cannot listen on " + text(address) + ": unknown host", null);
        }
    }

    private InetSocketAddress openTcp(InetSocketAddress address, DoorSetup setup)
            throws ListenException {
        try {
            Channel channel = bind(SocketTypes.tcpServer(loops), address, setup);
            open.add(new Open(setup.drains(), channel, null));
            return (InetSocketAddress) channel.localAddress();
        } catch (IOException e) {
            throw new ListenException(tcpReason(address, e), e);
        }
    }

    private static String tcpReason(InetSocketAddress address, IOException e) {
        boolean inUse =
                e instanceof BindException || String.valueOf(e.getMessage()).contains("in use");
        return inUse && String.valueOf(e.getMessage()).contains("in use")
                ? text(address) + " is in use by another process; stop it or choose another port"
                : "cannot listen on " + text(address) + ": " + Reasons.of(e);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private void openUnix(Path path, String mode, String directoryMode, DoorSetup setup)
            throws ListenException {
        UnixSocketFile file = UnixSocketFile.claim(loops, path, directoryMode);
        try {
            SocketAddress address = SocketTypes.unixAddress(loops, file.unnamed());
            Channel channel = bind(SocketTypes.unixServer(loops), address, setup);
            open.add(new Open(setup.drains(), channel, file));
        } catch (IOException e) {
            throw new ListenException("cannot listen on " + path + ": " + Reasons.of(e), e);
        }
        file.name(mode);
    }

    private Channel bind(
            Class<? extends ServerChannel> type, SocketAddress address, DoorSetup setup)
            throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(type)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .handler(new AcceptErrors(edge.diagnostics()))
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(
                                        HttpSession.LOW_WATER_BYTES, HttpSession.HIGH_WATER_BYTES))
                        .childHandler(new Sessions(edge, setup))
                        .bind(address)
                        .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw cause instanceof IOException e ? e : new IOException(Reasons.of(cause), cause);
        }
        return bound.channel();
    }

    /** Makes the session of each accepted connection. */
    private static final class Sessions extends ChannelInitializer<Channel> {
        private final Edge edge;
        private final DoorSetup setup;

        Sessions(Edge edge, DoorSetup setup) {
            this.edge = edge;
            this.setup = setup;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpSession(edge, setup, channel));
        }
    }

    /** Requests begun and not yet answered to the last byte. */
    public int inflight() {
        return edge.inflight();
    }

    /** Connections that are open. */
    public int connections() {
        return edge.connections();
    }

    /**
     * The data listeners take no more connections, close idle ones, and each other one with the
     * answer under way. Their socket files go at once, so that nobody waits on them. The admin
     * socket and the probes stay until {@link #close}.
     */
    public void stopAccepting() {
        shut(Open::drains);
        edge.drain();
    }

    private void shut(Predicate<Open> which) {
        for (Open one : open) {
            if (which.test(one)) {
                one.channel.close().awaitUninterruptibly();
                remove(one.file);
            }
        }
        open.removeIf(which);
    }

    private void remove(@Nullable UnixSocketFile file) {
        try {
            if (file != null) {
                file.remove();
            }
        } catch (IOException e) {
            edge.diagnostics().warn("cannot remove a socket file: " + Reasons.of(e));
        }
    }

    /** Closes everything at once, whatever is in flight. */
    @Override
    public void close() {
        stopAccepting();
        shut(_ -> true);
        edge.closeAll();
        tokens.forEach(TokenFile::close);
    }
}

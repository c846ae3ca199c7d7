package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.fault.Fault;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to one fresh connection: name, TCP (one address after the other), the proxy's tunnel,
 * TLS; all of it within the endpoint's {@code connect}. Ends in one of connected, failed,
 * cancelled.
 */
final class Connecting {
    private static final long FAREWELL_MILLIS = 100;

    /** For what all connections share and the first one must wait for. */
    private static final long PREPARING_NANOS = 15_000_000_000L;

    private final LoopVendors vendors;
    private final Target target;
    private final Route route;
    private final Call call;
    private long deadlineNanos;
    private Loop.Timer limit;
    private String phase = "preparing TLS";
    private List<InetAddress> addresses = List.of();
    private int tried;
    private Throwable lastRefusal = new ConnectException("no address");
    private Loop.@Nullable Timer share;
    private @Nullable Future<?> lookup;
    private @Nullable SslContext tls;
    private @Nullable Channel channel;
    private @Nullable Connection connection;
    private boolean over;

    Connecting(LoopVendors vendors, Target target, Call call) {
        this.vendors = vendors;
        this.target = target;
        this.route = target.pool().route();
        this.call = call;
        this.limit = vendors.loop().after(PREPARING_NANOS, this::late);
    }

    void start() {
        if (route.secure()) {
            vendors.tls().get(vendors.loop(), this::prepared);
        } else {
            begin();
        }
    }

    private void prepared(@Nullable SslContext context, @Nullable Throwable error) {
        if (over) {
            return;
        }
        tls = context;
        if (context == null) {
            fail(Failures.notConnected(target, phase, OffLoop.unwrapped(error)));
        } else {
            begin();
        }
    }

    /** Here the vendor's time begins: what came before was ours. */
    private void begin() {
        limit.cancel();
        long nanos = target.endpoint().connect().toNanos();
        deadlineNanos = vendors.loop().nanos() + nanos;
        limit = vendors.loop().after(nanos, this::late);
        String host = route.firstHost();
        List<InetAddress> known = Names.known(host);
        if (known != null) {
            resolved(known);
            return;
        }
        phase = "looking up the name " + host;
        vendors.nameServers().get(vendors.loop(), (servers, error) -> lookUp(host, servers, error));
    }

    private void lookUp(
            String host,
            @Nullable DnsServerAddressStreamProvider servers,
            @Nullable Throwable error) {
        if (over) {
            return;
        }
        if (servers == null) {
            fail(Failures.notResolved(target, OffLoop.unwrapped(error)));
            return;
        }
        Future<List<InetAddress>> future = vendors.names().resolve(host, servers);
        lookup = future;
        future.addListener(ignored -> {
            if (over) {
                return;
            }
            if (future.isSuccess()) {
                resolved(future.getNow());
            } else {
                fail(Failures.notResolved(target, future.cause()));
            }
        });
    }

    private void resolved(List<InetAddress> found) {
        addresses = found;
        nextAddress();
    }

    /**
     * Each address has an equal share of the time that is left: a silent one is not all there is.
     */
    private void nextAddress() {
        int left = addresses.size() - tried;
        if (left == 0) {
            fail(Failures.notConnected(target, phase, lastRefusal));
            return;
        }
        InetAddress address = addresses.get(tried++);
        phase = "connecting to " + Authority.text(address.getHostAddress(), route.firstPort());
        ChannelFuture future =
                vendors.bootstrap().connect(new InetSocketAddress(address, route.firstPort()));
        Channel opening = future.channel();
        channel = opening;
        if (left > 1) {
            long nanos = Math.max(0, deadlineNanos - vendors.loop().nanos()) / left;
            share = vendors.loop().after(nanos, () -> Connection.closeAtOnce(opening));
        }
        future.addListener(ignored -> tcp(future));
    }

    private void tcp(ChannelFuture future) {
        cancel(share);
        if (over) {
            var _ = future.channel().close();
        } else if (future.isSuccess()) {
            stands(future.channel());
        } else {
            lastRefusal = future.cause();
            nextAddress();
        }
    }

    private void stands(Channel open) {
        var fresh = new Connection(vendors.loop(), target.pool(), open);
        connection = fresh;
        open.pipeline().addLast(fresh);
        open.closeFuture().addListener(ignored -> closed());
        Proxy proxy = route.proxy();
        if (route.secure() && proxy != null) {
            phase = "waiting for the proxy";
            open.pipeline().addFirst(new ProxyTunnel(route, proxy, this::tunnelled));
        } else if (route.secure()) {
            handshake();
        } else {
            done();
        }
    }

    private void tunnelled(@Nullable String refusal) {
        if (over) {
            return;
        }
        if (refusal == null) {
            handshake();
        } else {
            fail(Failures.proxyRefused(target, refusal));
        }
    }

    private void handshake() {
        phase = "TLS";
        Channel open = channel;
        Connection fresh = connection;
        SslContext context = tls;
        if (open == null || fresh == null || context == null) {
            return;
        }
        SslHandler ssl = context.newHandler(open.alloc(), route.host(), route.port());
        ssl.setHandshakeTimeoutMillis(0); // Ours is the one limit.
        ssl.setCloseNotifyFlushTimeoutMillis(FAREWELL_MILLIS);
        ChannelPipeline pipeline = open.pipeline();
        pipeline.addBefore(pipeline.context(fresh).name(), null, ssl);
        ssl.handshakeFuture()
                .addListener(future -> {
                    if (over) {
                        return;
                    }
                    if (future.isSuccess()) {
                        done();
                    } else {
                        fail(Failures.notConnected(target, phase, future.cause()));
                    }
                });
    }

    private void closed() {
        if (!over) {
            Throwable trouble = connection == null ? null : connection.trouble();
            Throwable cause = trouble == null ? new ConnectException("connection closed") : trouble;
            fail(Failures.notConnected(target, phase, cause));
        }
    }

    private void done() {
        Connection fresh = connection;
        if (fresh != null && fresh.stands()) {
            finish();
            target.pool().stands(fresh);
            call.connected(fresh);
        }
    }

    private void late() {
        fail(Failures.notConnectedInTime(target, phase));
    }

    private void fail(Fault fault) {
        if (!over) {
            cancel();
            call.notConnected(fault);
        }
    }

    /** Closes whatever there is, at once. */
    void cancel() {
        if (over) {
            return;
        }
        finish();
        target.pool().giveRoomBack();
        if (lookup != null) {
            lookup.cancel(false);
        }
        if (channel != null) {
            Connection.closeAtOnce(channel);
        }
    }

    private void finish() {
        over = true;
        limit.cancel();
        cancel(share);
    }

    private static void cancel(Loop.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}

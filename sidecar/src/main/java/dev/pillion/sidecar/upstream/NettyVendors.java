package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.fault.Fault;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests over HTTP/1.1 with Netty. A call, its connection and its timers live on the loop
 * that it is sent on; loops share nothing but the settings and the TLS context.
 *
 * <p>Every phase is bounded: connecting (name, TCP, proxy, TLS together) by {@link
 * Endpoint#connect}, sending and the pauses within an answer by {@link VendorRequest#idle}, the
 * wait for the answer by {@link VendorRequest#firstByte}. While paused, no time runs; what one read
 * had already brought may still be handed on.
 */
public final class NettyVendors implements Vendors {
    private static final long CLOSE_SECONDS = 5;

    private final VendorOptions options;
    private final OffLoop<SslContext> tls;
    private final OffLoop<DnsServerAddressStreamProvider> nameServers;
    private final Map<EventLoop, LoopVendors> loops = new ConcurrentHashMap<>();

    /**
     * Makes it; reads the CA file, if there is one that is not the system's bundle anyway.
     *
     * @throws IllegalArgumentException if the CA file can't be read or holds no certificate
     */
    public NettyVendors(VendorOptions options) {
        this.options = options;
        Path caFile = options.caFile();
        List<X509Certificate> own =
                caFile == null || Trust.isSystems(caFile) ? List.of() : Trust.file(caFile);
        this.tls = new OffLoop<>(() -> TlsFactory.make(options.tls(), own));
        this.nameServers =
                new OffLoop<>(() -> Names.servers(options.nameServers(), Names.RESOLV_CONF));
    }

    /**
     * Makes what the first call over TLS would else wait for; returns at once. Loading OpenSSL and
     * the trusted certificates takes tens of milliseconds on an idle machine, and seconds on a busy
     * one.
     */
    public void prepare() {
        tls.begin();
        nameServers.begin();
    }

    @Override
    public VendorCall send(Loop loop, VendorRequest request, VendorListener listener) {
        LoopVendors vendors = of(loop);
        Target target;
        try {
            target = vendors.target(request.endpoint());
        } catch (IllegalArgumentException e) {
            return refused(loop, String.valueOf(e.getMessage()), listener);
        }
        var call = new Call(vendors, target, request, listener);
        vendors.start(call);
        return call;
    }

    /** What became of the connections to each origin, by origin; from any thread. */
    public List<OriginCounts> counts() {
        Map<String, OriginCounts> sums = new TreeMap<>();
        for (LoopVendors vendors : loops.values()) {
            for (OriginCounts counts : vendors.counts()) {
                sums.merge(counts.origin(), counts, OriginCounts::plus);
            }
        }
        return List.copyOf(sums.values());
    }

    /**
     * Fails the calls under way and closes all connections; waits for it up to 5 s, unless called
     * on a loop. Nothing can be sent afterwards.
     */
    @Override
    public void close() {
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        boolean onLoop = false;
        for (Map.Entry<EventLoop, LoopVendors> entry : loops.entrySet()) {
            onLoop |= entry.getKey().inEventLoop();
            closing.add(close(entry.getKey(), entry.getValue()));
        }
        var all = CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
        var released = all.thenRun(() -> tls.discard(ReferenceCountUtil::release));
        if (!onLoop) {
            await(released);
        }
    }

    private LoopVendors of(Loop loop) {
        if (!(loop instanceof NettyLoop netty)) {
            throw new IllegalArgumentException("not a loop of Netty's: " + loop);
        }
        LoopVendors vendors = loops.get(netty.eventLoop());
        if (vendors == null) {
            vendors =
                    loops.computeIfAbsent(
                            netty.eventLoop(),
                            key -> new LoopVendors(netty, options, tls, nameServers));
        }
        return vendors;
    }

    private static VendorCall refused(Loop loop, String why, VendorListener listener) {
        var call = new RefusedCall();
        loop.execute(() -> {
            if (!call.cancelled) {
                listener.failed(Fault.internal(why));
            }
        });
        return call;
    }

    private static CompletableFuture<Void> close(EventLoop loop, LoopVendors vendors) {
        try {
            return CompletableFuture.runAsync(vendors::close, loop);
        } catch (RejectedExecutionException e) {
            // The loop is over, and has closed its channels.
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void await(CompletableFuture<Void> closing) {
        try {
            closing.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the vendor connections did not close", e);
        }
    }

    /** A call that never was; it is about to hear why. */
    private static final class RefusedCall implements VendorCall {
        private boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}
    }
}

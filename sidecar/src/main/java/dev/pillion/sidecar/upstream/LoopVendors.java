package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.wire.ByteSink;
import io.netty.bootstrap.Bootstrap;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All that one loop has towards the vendors; used on that loop only, the counters excepted. */
final class LoopVendors {
    private static final int MAX_TARGETS = 1024;

    private final NettyLoop loop;
    private final VendorOptions options;
    private final OffLoop<SslContext> tls;
    private final OffLoop<DnsServerAddressStreamProvider> nameServers;
    private final Bootstrap bootstrap;
    private final Names names;
    private final Map<Endpoint, Target> targets = new HashMap<>();
    private final Map<Route, Pool> pools = new ConcurrentHashMap<>();
    private final Set<Call> calls = new HashSet<>();
    private final ByteSink scratch = new ByteSink(4096);
    private boolean closed;

    LoopVendors(
            NettyLoop loop,
            VendorOptions options,
            OffLoop<SslContext> tls,
            OffLoop<DnsServerAddressStreamProvider> nameServers) {
        this.loop = loop;
        this.options = options;
        this.tls = tls;
        this.nameServers = nameServers;
        this.bootstrap = Transport.bootstrap(loop.eventLoop());
        this.names = new Names(loop.eventLoop());
    }

    Loop loop() {
        return loop;
    }

    Bootstrap bootstrap() {
        return bootstrap;
    }

    Names names() {
        return names;
    }

    OffLoop<SslContext> tls() {
        return tls;
    }

    OffLoop<DnsServerAddressStreamProvider> nameServers() {
        return nameServers;
    }

    /** For writing one head; whoever uses it empties it first. */
    ByteSink scratch() {
        return scratch;
    }

    boolean isClosed() {
        return closed;
    }

    void start(Call call) {
        if (closed) {
            loop.execute(call::closing);
            return;
        }
        calls.add(call);
        call.start();
    }

    void forget(Call call) {
        calls.remove(call);
    }

    /**
     * The endpoint made ready.
     *
     * @throws IllegalArgumentException if its base is not http(s)://host[:port]
     */
    Target target(Endpoint endpoint) {
        Target target = targets.get(endpoint);
        if (target == null) {
            Route route = Target.route(endpoint, options.proxies());
            if (targets.size() >= MAX_TARGETS) {
                targets.clear();
                pools.values().removeIf(Pool::isEmpty);
            }
            Pool pool = pools.computeIfAbsent(route, key -> new Pool(key, options));
            target = new Target(endpoint, pool);
            targets.put(endpoint, target);
        }
        return target;
    }

    void close() {
        closed = true;
        for (Call call : List.copyOf(calls)) {
            call.closing();
        }
        for (Pool pool : pools.values()) {
            pool.close();
        }
        names.close();
    }

    /** From any thread. */
    List<OriginCounts> counts() {
        List<OriginCounts> counts = new ArrayList<>();
        for (Pool pool : pools.values()) {
            counts.add(pool.counts());
        }
        return counts;
    }
}

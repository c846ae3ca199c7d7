package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.telemetry.Diagnostics;
import dev.pillion.sidecar.upstream.ByteBudget;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What all connections of all listeners share. */
final class Edge {
    private final EdgeOptions options;
    private final ByteBudget bodies;
    private final ErrorBody errors;
    private final Diagnostics diagnostics;
    private final Set<HttpSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger inflight = new AtomicInteger();
    private final Nanos nanos;
    private volatile boolean draining;

    private final FastThreadLocal<Tools> tools =
            new FastThreadLocal<>() {
                @Override
                protected Tools initialValue() {
                    return new Tools(
                            new HeadParser(options.maxHeadFields()),
                            new HeadWriter(),
                            new RequestIds());
                }
            };

    Edge(EdgeOptions options, ByteBudget bodies, ErrorBody errors, Diagnostics diagnostics) {
        this.options = options;
        this.bodies = bodies;
        this.errors = errors;
        this.diagnostics = diagnostics;
        this.nanos =
                new Nanos(
                        options.headTimeout().toNanos(),
                        options.bodyIdleTimeout().toNanos(),
                        options.keepAliveIdle().toNanos(),
                        options.writeStall().toNanos());
    }

    /** What is not shared between threads and need not be made for each request. */
    record Tools(HeadParser parser, HeadWriter heads, RequestIds ids) {}

    /** The timeouts, converted once. */
    record Nanos(long head, long bodyIdle, long keepAliveIdle, long writeStall) {}

    EdgeOptions options() {
        return options;
    }

    Nanos nanos() {
        return nanos;
    }

    ByteBudget bodies() {
        return bodies;
    }

    ErrorBody errors() {
        return errors;
    }

    Diagnostics diagnostics() {
        return diagnostics;
    }

    /** Those of the current loop. */
    Tools tools() {
        return tools.get();
    }

    /** Counts the connection in; false when it is one too many. */
    boolean opened(HttpSession session) {
        sessions.add(session);
        return sessions.size() <= options.maxConnections();
    }

    void closed(HttpSession session) {
        sessions.remove(session);
    }

    int connections() {
        return sessions.size();
    }

    void began() {
        inflight.incrementAndGet();
    }

    void ended() {
        inflight.decrementAndGet();
    }

    int inflight() {
        return inflight.get();
    }

    boolean draining() {
        return draining;
    }

    /** From now on each connection is closed with the answer under way, an idle one at once. */
    void drain() {
        draining = true;
        sessions.forEach(HttpSession::drain);
    }

    void closeAll() {
        sessions.forEach(HttpSession::closeNow);
    }
}

package dev.pillion.sidecar.edge;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Handler;
import dev.pillion.sidecar.telemetry.Diagnostics;
import dev.pillion.sidecar.upstream.ByteBudget;
import dev.pillion.sidecar.upstream.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A running edge on free ports and temporary sockets, with one loop of its own. */
final class EdgeFixture implements AutoCloseable {
    static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

    /** Answers with what came: method, path, query and body. */
    static final Handler ECHO =
            (request, responder) ->
                    responder.reply(200, Headers.of("content-type", "text/plain"), request.body());

    final Loops loops;
    final ByteBudget budget;
    final Listeners listeners;
    final List<String> reports = new CopyOnWriteArrayList<>();

    /** What the edge refused, and who left before a handler had the request. */
    final List<String> told = new CopyOnWriteArrayList<>();

    final Path directory;
    private InetSocketAddress tcp = new InetSocketAddress(0);

    private EdgeFixture(Loops loops, EdgeOptions options, long budgetBytes) throws IOException {
        this.loops = loops;
        this.budget = new ByteBudget(budgetBytes);
        this.directory = Files.createTempDirectory("edge");
        this.listeners =
                new Listeners(loops, options, budget, new Told(), Diagnostics.lines(reports::add));
    }

    static EdgeFixture start(Handler handler) throws IOException {
        return start(EdgeOptions.DEFAULTS, handler);
    }

    static EdgeFixture start(EdgeOptions options, Handler handler) throws IOException {
        return start(Loops.open(1), options, 256 << 20, handler);
    }

    static EdgeFixture start(Loops loops, EdgeOptions options, long budgetBytes, Handler handler)
            throws IOException {
        EdgeFixture fixture = new EdgeFixture(loops, options, budgetBytes);
        fixture.tcp = fixture.listeners.openDataTcp(loopback(0), false, null, handler);
        fixture.listeners.openDataSocket(fixture.dataSocket(), "rw-rw----", handler);
        return fixture;
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private final class Told implements ErrorBody {
        @Override
        public Answer render(Refused refused) {
            told.add(refused.status() + " " + refused.path());
            return error(refused);
        }

        @Override
        public void gone(Refused left) {
            told.add("gone " + left.path());
        }
    }

    private static ErrorBody.Answer error(ErrorBody.Refused refused) {
        String text =
                "{\"kind\":\"%s\",\"path\":\"%s\",\"message\":\"%s\"}"
                        .formatted(
                                refused.fault().kind().wire(),
                                refused.path(),
                                refused.fault().message());
        return new ErrorBody.Answer(
                refused.status(),
                Headers.of("content-type", "application/json"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    Path dataSocket() {
        return directory.resolve("data.sock");
    }

    InetSocketAddress tcp() {
        return tcp;
    }

    RawClient connect() throws IOException {
        return RawClient.tcp(tcp);
    }

    /** Waits until it is so; fails when it never is. */
    static void eventually(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("never: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Nothing is held any more: no request, no connection, no byte of a body. */
    void settles() {
        eventually("no request in flight", () -> listeners.inflight() == 0);
        eventually("no connection open", () -> listeners.connections() == 0);
        eventually("no body held", () -> budget.heldBytes() == 0);
    }

    @Override
    public void close() {
        listeners.close();
        loops.close();
    }
}

package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.wire.Headers;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One loop, the vendors under test on it, and short ways to call. */
final class TestBed implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);

    private final Loops loops;
    private final NettyLoop loop;
    final NettyVendors vendors;

    TestBed(VendorOptions options, boolean epoll) {
        loops = epoll ? Loops.open(1) : Loops.openNio(1);
        loop = loops.next();
        vendors = new NettyVendors(options);
    }

    TestBed(VendorOptions options) {
        this(options, true);
    }

    TestBed() {
        this(VendorOptions.defaults());
    }

    static Endpoint endpoint(URI base) {
        return new Endpoint("acme", base, LONG);
    }

    static VendorRequest request(Endpoint endpoint, String body) {
        return request(endpoint, body, LONG, LONG);
    }

    static VendorRequest request(
            Endpoint endpoint, String body, Duration firstByte, Duration idle) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        int half = bytes.length / 2;
        return new VendorRequest(
                endpoint,
                "POST",
                "/v1/messages",
                Headers.of("content-type", "application/json", "x-api-key", "canary-key"),
                List.of(
                        ByteBuffer.wrap(bytes, 0, half),
                        ByteBuffer.wrap(bytes, half, bytes.length - half)),
                firstByte,
                idle);
    }

    Recorder call(URI base) {
        return call(request(endpoint(base), "{}"));
    }

    Recorder call(VendorRequest request) {
        return call(request, new Recorder(this));
    }

    Recorder call(VendorRequest request, Recorder recorder) {
        loop.execute(() -> {
            recorder.call = vendors.send(loop, request, recorder);
            recorder.returned = true;
        });
        return recorder;
    }

    /** Who hears of an exception that nobody has caught on the loop. */
    void onDefect(Consumer<Throwable> consumer) {
        onLoop(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> consumer.accept(e));
            return true;
        });
    }

    void later(Runnable task) {
        loop.execute(task);
    }

    boolean onLoop() {
        return loop.eventLoop().inEventLoop();
    }

    <T> T onLoop(Supplier<T> task) {
        return onLoop()
                ? task.get()
                : Recorder.await(CompletableFuture.supplyAsync(task, loop.eventLoop()));
    }

    /** Waits until it is so, looking again after each turn of the loop. */
    void awaitOnLoop(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(FakeVendor.PATIENCE_SECONDS).toNanos();
        while (!onLoop(condition::getAsBoolean)) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("it did not come true; " + vendors.counts());
            }
            Thread.onSpinWait();
        }
    }

    /** The counts of the one origin. */
    OriginCounts counts() {
        return onLoop(() -> vendors.counts().getFirst());
    }

    @Override
    public void close() {
        vendors.close();
        loops.close();
    }
}

package dev.pillion.sdks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.Sidecar;
import dev.pillion.sidecar.SidecarOptions;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.simulate.Simulator;
import dev.pillion.sidecar.telemetry.Diagnostics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A daemon on free ports and a Unix socket, with the four simulated vendors behind it. */
final class Stage implements AutoCloseable {
    /** Of a request: small, so that a test can send a larger one. */
    static final int MAX_BODY_BYTES = 1 << 20;

    /** A caller that may use nothing. */
    static final String BARRED_CALLER = "barred";

    /** What a vendor may be silent for, where a test waits for the end of it. */
    private static final String TIMEOUTS =
            "timeouts: {connect: 2s, first_byte: 3s, first_byte_unstreamed: 3s, idle: 3s}";

    private final Map<Vendor, Simulator> vendors = new EnumMap<>(Vendor.class);
    private final Path directory;
    private final Sidecar sidecar;

    private Stage() throws Exception {
        this.directory = Files.createTempDirectory("pillion-sdks");
        var document = new StringBuilder("version: 1\nproviders:\n");
        for (var vendor : Vendor.values()) {
            var simulator = Simulator.start(options(vendor));
            vendors.put(vendor, simulator);
            document.append(
                    "  %1$s: {base_url: \"%2$s\", keys: [{id: sdks, value: simulated}], %3$s}\n"
                            .formatted(vendor.id(), simulator.origin(), TIMEOUTS));
        }
        document.append("routing: {failover: {backoff: {first: 10ms, max: 20ms}}}\n");
        document.append("callers:\n  barred: {allow: {providers: []}}\n");
        Files.writeString(directory.resolve("pillion.yaml"), document);
        this.sidecar = Sidecar.start(options());
    }

    static Stage open() throws Exception {
        return new Stage();
    }

    private static Simulator.Options options(Vendor vendor) {
        return switch (vendor) {
            case ANTHROPIC -> Simulator.Options.anthropic();
            case OPENAI -> Simulator.Options.openAi();
            case XAI -> Simulator.Options.xai();
            case GEMINI -> Simulator.Options.gemini();
        };
    }

    private SidecarOptions options() {
        return new SidecarOptions(
                directory.resolve("pillion.yaml"),
                socket(),
                "0600",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                false,
                null,
                directory.resolve("admin.sock"),
                null,
                directory.resolve("state"),
                Ledger.Retention.DEFAULT,
                null,
                1,
                MAX_BODY_BYTES,
                64L << 20,
                Duration.ofSeconds(5),
                "sdks",
                "test",
                Map.of(),
                OutputStream.nullOutputStream(),
                Diagnostics.lines(_ -> {}));
    }

    /** What an application's base URL is set to, before the SDK's own path prefix. */
    String url() {
        var address = Objects.requireNonNull(sidecar.tcpAddress());
        return "http://127.0.0.1:" + address.getPort();
    }

    Path socket() {
        return directory.resolve("p.sock");
    }

    Simulator vendor(Vendor vendor) {
        return Objects.requireNonNull(vendors.get(vendor));
    }

    /** Waits until a vendor has seen so many requests cancelled, and nothing is open here. */
    void awaitCancelled(Vendor vendor, long requests) throws InterruptedException {
        var log = vendor(vendor).log();
        assertTrue(log.await(Duration.ofSeconds(5), seen -> seen.cancelledCount() >= requests));
        for (int i = 0; i < 500 && sidecar.inflight() > 0; i++) {
            Thread.sleep(10);
        }
        assertEquals(0, sidecar.inflight());
    }

    /** The vendor's last request has this in its body, on whose escapes the vendors agree. */
    void assertSeen(Vendor vendor, String text) {
        var last = Objects.requireNonNull(vendor(vendor).log().last());
        assertTrue(last.body().replace("\\/", "/").contains(text), last.body());
    }

    @Override
    public void close() throws IOException {
        sidecar.close();
        vendors.values().forEach(Simulator::close);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

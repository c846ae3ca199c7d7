package dev.pillion.sidecar.cli;

import dev.pillion.sidecar.Sidecar;
import dev.pillion.sidecar.SidecarOptions;
import dev.pillion.sidecar.StartException;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.simulate.Simulator;
import dev.pillion.sidecar.telemetry.Diagnostics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The simulated vendors and a daemon that is configured to use them. */
final class DemoStage implements AutoCloseable {
    /**
     * A vendor of the demo.
     *
     * @param model the one that its tool loops begin with
     * @param sdkPath what an SDK of the vendor has behind the host in its base URL
     */
    private record Vendor(String name, String model, String sdkPath, Simulator simulator) {}

    private final Path directory;
    private final List<Vendor> vendors;
    private final Sidecar sidecar;
    private final Path socket;

    private DemoStage(Path directory, List<Vendor> vendors, Sidecar sidecar, Path socket) {
        this.directory = directory;
        this.vendors = vendors;
        this.sidecar = sidecar;
        this.socket = socket;
    }

    /** In the order of the circle that the tool loops go round. */
    private static List<Vendor> start() {
        return List.of(
                new Vendor(
                        "anthropic",
                        "anthropic/claude-sonnet-5-5",
                        "",
                        Simulator.start(Simulator.Options.anthropic())),
                new Vendor(
                        "openai",
                        "openai/gpt-6.1-terra",
                        "/v1",
                        Simulator.start(Simulator.Options.openAi())),
                new Vendor(
                        "gemini",
                        "gemini/gemini-4-hydrogen",
                        "",
                        Simulator.start(Simulator.Options.gemini())),
                new Vendor("xai", "xai/grok-4.6", "/v1", Simulator.start(Simulator.Options.xai())));
    }

    /**
     * Starts everything.
     *
     * @param wantedSocket null: one in a directory of its own
     * @param tcp null: no data port
     * @param requestLog null: nowhere
     */
    static DemoStage open(
            @Nullable Path wantedSocket,
            @Nullable InetSocketAddress tcp,
            @Nullable OutputStream requestLog)
            throws IOException {
        Path directory = Files.createTempDirectory("pillion-demo");
        List<Vendor> vendors = start();
        Path config = directory.resolve("pillion.yaml");
        Files.writeString(config, document(vendors));
        Path socket = wantedSocket == null ? directory.resolve("pillion.sock") : wantedSocket;
        try {
            Sidecar sidecar = Sidecar.start(options(directory, config, socket, tcp, requestLog));
            return new DemoStage(directory, vendors, sidecar, socket);
        } catch (StartException e) {
            vendors.forEach(vendor -> vendor.simulator().close());
            throw new Exit.Failure(e.exitCode(), String.valueOf(e.getMessage()));
        }
    }

    private static String document(List<Vendor> vendors) {
        var document = new StringBuilder("version: 1\nproviders:\n");
        for (Vendor vendor : vendors) {
            document.append(
                    "  %1$s: {base_url: \"%2$s\", keys: [{id: demo-%1$s, value: demo-key-%1$s}]}\n"
                            .formatted(vendor.name(), vendor.simulator().origin()));
        }
        document.append("aliases:\n");
        for (int i = 0; i < vendors.size(); i++) {
            Vendor second = vendors.get((i + 1) % vendors.size());
            document.append(
                    "  %s: [%s, %s]\n"
                            .formatted(
                                    alias(vendors.get(i).name()),
                                    vendors.get(i).model(),
                                    second.model()));
        }
        return document.toString();
    }

    private static SidecarOptions options(
            Path directory,
            Path config,
            Path socket,
            @Nullable InetSocketAddress tcp,
            @Nullable OutputStream log) {
        return new SidecarOptions(
                config,
                socket,
                "0600",
                tcp,
                false,
                null,
                directory.resolve("admin.sock"),
                null,
                directory.resolve("state"),
                Ledger.Retention.DEFAULT,
                null,
                1,
                32 << 20,
                128L << 20,
                Duration.ofSeconds(5),
                "demo",
                Version.current(),
                Map.of(),
                log,
                Diagnostics.lines(System.err::println));
    }

    SocketClient client() {
        return new SocketClient(socket);
    }

    List<String> vendors() {
        return vendors.stream().map(Vendor::name).toList();
    }

    /** The vendor after this one, the first after the last. */
    String next(String vendor) {
        List<String> names = vendors();
        return names.get((names.indexOf(vendor) + 1) % names.size());
    }

    /** The model by which this vendor's loop begins. */
    String model(String vendor) {
        return vendor(vendor).model();
    }

    /** What the configuration calls a vendor's model with that of the next vendor after it. */
    static String alias(String vendor) {
        return vendor + "-or-the-next";
    }

    /** The vendor's plug is pulled: connections to it are refused. */
    void unplug(String vendor) {
        vendor(vendor).simulator().faults().refuse();
    }

    void plugIn(String vendor) {
        vendor(vendor).simulator().faults().accept();
    }

    private Vendor vendor(String name) {
        return vendors.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    void drain() {
        sidecar.drain();
    }

    /** How to reach what runs. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("pillion " + sidecar.startLine());
        for (Vendor vendor : vendors) {
            lines.add(
                    "  simulated %-9s at %s%s"
                            .formatted(
                                    vendor.name(), vendor.simulator().origin(), vendor.sdkPath()));
        }
        lines.add("  PILLION_VENDORS=" + addresses());
        lines.add("  PILLION_SOCKET=" + socket);
        lines.add("  PILLION_ADMIN_SOCKET=" + directory.resolve("admin.sock"));
        return lines;
    }

    /** {@code NAME=ORIGIN,…}: where a vendor's faults are armed, and what it saw is told. */
    private String addresses() {
        return vendors.stream()
                .map(vendor -> vendor.name() + "=" + vendor.simulator().origin())
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() throws IOException {
        sidecar.close();
        vendors.forEach(vendor -> vendor.simulator().close());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

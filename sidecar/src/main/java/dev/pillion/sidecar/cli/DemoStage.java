package dev.pillion.sidecar.cli;

import dev.pillion.sidecar.Sidecar;
import dev.pillion.sidecar.SidecarOptions;
import dev.pillion.sidecar.StartException;
import dev.pillion.sidecar.simulate.Simulator;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The simulated vendors and a daemon that is configured to use them. */
final class DemoStage implements AutoCloseable {
    private final Path directory;
    private final Simulator anthropic;
    private final Simulator openai;
    private final Sidecar sidecar;
    private final Path socket;

    private DemoStage(
            Path directory, Simulator anthropic, Simulator openai, Sidecar sidecar, Path socket) {
        this.directory = directory;
        this.anthropic = anthropic;
        this.openai = openai;
        this.sidecar = sidecar;
        this.socket = socket;
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
        Simulator anthropic = Simulator.start(Simulator.Options.anthropic());
        Simulator openai = Simulator.start(Simulator.Options.openAi());
        Path config = directory.resolve("pillion.yaml");
        Files.writeString(config, document(anthropic.origin(), openai.origin()));
        Path socket = wantedSocket == null ? directory.resolve("pillion.sock") : wantedSocket;
        OutputStream log = requestLog == null ? OutputStream.nullOutputStream() : requestLog;
        try {
            Sidecar sidecar = Sidecar.start(options(directory, config, socket, tcp, log));
            return new DemoStage(directory, anthropic, openai, sidecar, socket);
        } catch (StartException e) {
            anthropic.close();
            openai.close();
            throw new Exit.Failure(e.exitCode(), String.valueOf(e.getMessage()));
        }
    }

    private static String document(String anthropic, String openai) {
        return """
        version: 1
        providers:
          anthropic: {base_url: "%s", keys: [{id: demo-anthropic, value: demo-key-anthropic}]}
          openai: {base_url: "%s", keys: [{id: demo-openai, value: demo-key-openai}]}
        """
                .formatted(anthropic, openai);
    }

    private static SidecarOptions options(
            Path directory,
            Path config,
            Path socket,
            @Nullable InetSocketAddress tcp,
            OutputStream log) {
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
                null,
                1,
                32 << 20,
                128L << 20,
                Duration.ofSeconds(5),
                "demo",
                Version.current(),
                Map.of(),
                log,
                System.err::println);
    }

    SocketClient client() {
        return new SocketClient(socket);
    }

    /** The vendor's plug is pulled: connections to it are refused. */
    void breakAnthropic() {
        anthropic.faults().refuse();
    }

    void mendAnthropic() {
        anthropic.faults().accept();
    }

    void drain() {
        sidecar.drain();
    }

    /** How to reach what runs. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(sidecar.startLines());
        lines.add("  simulated anthropic at " + anthropic.origin());
        lines.add("  simulated openai    at " + openai.origin() + "/v1");
        lines.add("  PILLION_SOCKET=" + socket);
        lines.add("  PILLION_ADMIN_SOCKET=" + directory.resolve("admin.sock"));
        return lines;
    }

    @Override
    public void close() throws IOException {
        sidecar.close();
        anthropic.close();
        openai.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

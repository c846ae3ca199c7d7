package dev.pillion.sidecar.cli;

import dev.pillion.sidecar.Sidecar;
import dev.pillion.sidecar.SidecarOptions;
import dev.pillion.sidecar.StartException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pillion run}: the daemon. */
@Command(
        name = "run",
        description =
                "Runs the daemon. Without --config it configures itself from the vendors' own"
                        + " environment variables.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Option(names = "--config", description = "The configuration document, YAML or JSON.")
    private @Nullable Path config;

    @Option(names = "--socket", description = "The data socket.")
    private @Nullable Path socket;

    @Option(names = "--socket-mode", description = "Its mode.", defaultValue = "0660")
    private String socketMode = "0660";

    @Option(
            names = "--tcp",
            paramLabel = "HOST:PORT|off",
            description = "The data port.",
            defaultValue = "127.0.0.1:4141")
    private String tcp = "127.0.0.1:4141";

    @Option(names = "--tcp-allow-remote", description = "Let the data port be no loopback one.")
    private boolean tcpAllowRemote;

    @Option(names = "--tcp-token-file", description = "The bearer token that the port demands.")
    private @Nullable Path tcpTokenFile;

    @Option(names = "--admin-socket", description = "The admin socket.")
    private @Nullable Path adminSocket;

    @Option(
            names = "--probes",
            paramLabel = "HOST:PORT|off",
            description = "The port of /healthz, /readyz and /metrics.",
            defaultValue = "127.0.0.1:4142")
    private String probes = "127.0.0.1:4142";

    @Option(
            names = "--statsd",
            paramLabel = "HOST:PORT|unix:PATH",
            description = "Accepted and warned of: this release has counters on /metrics alone.")
    private @Nullable String statsd;

    @Option(names = "--state-dir", description = "Where state is kept.")
    private @Nullable Path stateDir;

    @Option(names = "--ca-file", description = "Certificates trusted besides the system's, PEM.")
    private @Nullable Path caFile;

    @Option(names = "--event-loops", description = "Threads of the data path.", defaultValue = "1")
    private int eventLoops = 1;

    @Option(
            names = "--max-body-bytes",
            description = "The largest request.",
            defaultValue = "33554432")
    private int maxBodyBytes = 32 << 20;

    @Option(
            names = "--body-budget-bytes",
            description = "All bodies in memory together.",
            defaultValue = "67108864")
    private long bodyBudgetBytes = 64L << 20;

    @Option(
            names = "--drain-seconds",
            description = "How long requests in flight may take at the end.",
            defaultValue = "25")
    private int drainSeconds = 25;

    @Option(names = "--caller", description = "Who calls, where nothing tells.")
    private @Nullable String caller;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> environment = System.getenv();
        SidecarOptions options = options(environment);
        if (statsd != null) {
            System.err.println(
                    "pillion: --statsd has no function in this release; the probes' /metrics has"
                            + " counters");
        }
        Sidecar sidecar;
        try {
            sidecar = Sidecar.start(options);
        } catch (StartException e) {
            e.lines().forEach(line -> System.err.println("pillion: " + line));
            return e.exitCode();
        }
        try (sidecar) {
            return serve(sidecar);
        }
    }

    private static int serve(Sidecar sidecar) throws InterruptedException {
        var stopped = new CountDownLatch(1);
        for (String signal : List.of("TERM", "INT")) {
            Signals.on(signal, stopped::countDown);
        }
        Signals.on("HUP", () -> Thread.ofVirtual().name("reload").start(sidecar::reloadNow));
        sidecar.startLines().forEach(System.err::println);
        stopped.await();
        sidecar.drain();
        System.err.println("pillion: stopped");
        return Exit.DONE;
    }

    private SidecarOptions options(Map<String, String> environment) {
        var where = new Where(environment);
        checkMode();
        return new SidecarOptions(
                config,
                where.socket(socket),
                socketMode,
                HostPort.of("--tcp", tcp),
                tcpAllowRemote,
                tcpTokenFile,
                where.adminSocket(adminSocket),
                HostPort.of("--probes", probes),
                where.stateDirectory(stateDir),
                caFile(environment),
                eventLoops,
                maxBodyBytes,
                bodyBudgetBytes,
                Duration.ofSeconds(drainSeconds),
                podCaller(environment),
                Version.current(),
                environment,
                new FileOutputStream(FileDescriptor.out),
                System.err::println);
    }

    private void checkMode() {
        if (!socketMode.matches("0?[0-7]{3}")) {
            throw new Exit.Failure(
                    2, "--socket-mode: " + socketMode + " (expected: octal, e.g. 0660)");
        }
    }

    /** The flag's, else the variable's that other TLS clients follow too. */
    private @Nullable Path caFile(Map<String, String> environment) {
        if (caFile != null) {
            return caFile;
        }
        String usual = environment.getOrDefault("SSL_CERT_FILE", "");
        return usual.isBlank() || !Files.isReadable(Path.of(usual)) ? null : Path.of(usual);
    }

    private String podCaller(Map<String, String> environment) {
        if (caller != null) {
            return caller;
        }
        String service = environment.getOrDefault("DD_SERVICE", "");
        return service.isBlank() ? "default" : service;
    }
}

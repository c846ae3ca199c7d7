package dev.pillion.sidecar.cli;

import dev.pillion.sidecar.Housekeeper;
import dev.pillion.sidecar.Sidecar;
import dev.pillion.sidecar.SidecarOptions;
import dev.pillion.sidecar.StartException;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.admit.Claim;
import dev.pillion.sidecar.telemetry.Diagnostics;
import dev.pillion.sidecar.telemetry.LogBridge;
import dev.pillion.sidecar.telemetry.Note;
import dev.pillion.sidecar.telemetry.NoteWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private static final int MAX_LEDGER_DAYS = 3_650;
    private static final long MIN_LEDGER_BYTES = 1L << 20;

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

    @Option(
            names = "--ledger",
            paramLabel = "on|off",
            description = "Whether what is spent is kept in the state directory.",
            defaultValue = "on")
    private OnOff ledger = OnOff.ON;

    @Option(
            names = "--ledger-days",
            description = "How long what was spent is kept: 1 to 3650 (default: ${DEFAULT-VALUE}).",
            defaultValue = "90")
    private int ledgerDays = 90;

    @Option(
            names = "--ledger-max-bytes",
            description =
                    "How much of it is kept, the oldest goes first: at least 1048576 (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "1073741824")
    private long ledgerMaxBytes = 1L << 30;

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

    @Option(
            names = "--request-log",
            paramLabel = "on|off",
            description = "Whether each request is told on standard output.",
            defaultValue = "on")
    private OnOff requestLog = OnOff.ON;

    @Option(
            names = "--log-format",
            paramLabel = "auto|text|json",
            description =
                    "How standard error is written: text on a terminal, else JSON (auto), or"
                            + " always one of them. Standard output, the request log, is JSON.",
            defaultValue = "auto")
    private LogFormat logFormat = LogFormat.AUTO;

    @Option(
            names = "--log-level",
            paramLabel = "debug|info|warn|error",
            description = "What is told on standard error at least.",
            defaultValue = "info")
    private Note.Level logLevel = Note.Level.INFO;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> environment = System.getenv();
        checkMode();
        checkCaller();
        PrintStream err = System.err; // stays open: the writer closes itself alone
        try (var notes = new NoteWriter(err, logFormat.form())) {
            var diagnostics = new Diagnostics(logLevel, InstantSource.system(), notes::write);
            LogBridge.install(diagnostics, logLevel);
            return run(options(environment, diagnostics), notes);
        }
    }

    private int run(SidecarOptions options, NoteWriter notes) throws InterruptedException {
        Diagnostics diagnostics = options.diagnostics();
        if (statsd != null) {
            diagnostics.warn(
                    "--statsd has no function in this release; the probes' /metrics has counters");
        }
        Sidecar sidecar;
        try {
            sidecar = Sidecar.start(options);
        } catch (StartException e) {
            e.lines().forEach(diagnostics::error);
            return e.exitCode();
        } catch (RuntimeException e) {
            diagnostics.defect("the start", e);
            return Exit.FAILED;
        }
        sidecar.telemetry()
                .counter(
                        "pillion_diagnostics_dropped_total",
                        "Lines of standard error that nobody took in time.",
                        notes::dropped);
        try (sidecar) {
            serve(sidecar, diagnostics);
        }
        diagnostics.info("stopped");
        return Exit.DONE;
    }

    private static void serve(Sidecar sidecar, Diagnostics diagnostics)
            throws InterruptedException {
        var stopped = new CountDownLatch(1);
        for (String signal : List.of("TERM", "INT")) {
            Signals.on(signal, stopped::countDown);
        }
        Signals.on("HUP", () -> Thread.ofVirtual().name("reload").start(sidecar::reloadNow));
        diagnostics.info(sidecar.startLine());
        Housekeeper housekeeper = sidecar.housekeeper();
        while (!stopped.await(Housekeeper.EVERY_SECONDS, TimeUnit.SECONDS)) {
            housekeeper.look();
        }
        diagnostics.info("draining: requests in flight end, no others begin");
        sidecar.drain();
    }

    private SidecarOptions options(Map<String, String> environment, Diagnostics diagnostics) {
        var where = new Where(environment);
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
                retention(),
                caFile(environment),
                eventLoops,
                maxBodyBytes,
                bodyBudgetBytes,
                Duration.ofSeconds(drainSeconds),
                podCaller(environment),
                Version.current(),
                environment,
                requestLog == OnOff.OFF ? null : new FileOutputStream(FileDescriptor.out),
                diagnostics);
    }

    private Ledger.Retention retention() {
        if (ledgerDays < 1 || ledgerDays > MAX_LEDGER_DAYS) {
            throw new Exit.Failure(
                    Exit.USAGE,
                    "--ledger-days: %d (expected: 1 to %d)".formatted(ledgerDays, MAX_LEDGER_DAYS));
        }
        if (ledgerMaxBytes < MIN_LEDGER_BYTES) {
            throw new Exit.Failure(
                    Exit.USAGE,
                    "--ledger-max-bytes: %d (expected: at least %d)"
                            .formatted(ledgerMaxBytes, MIN_LEDGER_BYTES));
        }
        return ledger == OnOff.OFF
                ? Ledger.Retention.NOTHING
                : Ledger.Retention.of(ledgerDays, ledgerMaxBytes);
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
        if (caller != null && !caller.isBlank()) {
            return caller;
        }
        String service = environment.getOrDefault("DD_SERVICE", "");
        return service.isBlank() ? "default" : named(service);
    }

    /** What is no caller's name is another program's affair: it is made one. */
    private static String named(String service) {
        String name = service.strip().replaceAll("[^A-Za-z0-9._:/@-]", "_");
        return name.substring(0, Math.min(name.length(), 64));
    }

    private void checkCaller() {
        if (caller != null && !caller.isBlank() && !Claim.NAME.matcher(caller).matches()) {
            throw new Exit.Failure(
                    2, "--caller: '" + caller + "' (expected: a name of " + Claim.NAME + ")");
        }
    }
}

package dev.pillion.sidecar;

import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.admin.AdminHandler;
import dev.pillion.sidecar.admin.ProbesHandler;
import dev.pillion.sidecar.admit.Admission;
import dev.pillion.sidecar.config.CallerConfig;
import dev.pillion.sidecar.dispatch.Dispatcher;
import dev.pillion.sidecar.edge.EdgeOptions;
import dev.pillion.sidecar.edge.ListenException;
import dev.pillion.sidecar.edge.Listeners;
import dev.pillion.sidecar.exchange.DryRun;
import dev.pillion.sidecar.exchange.Flow;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.plan.Habits;
import dev.pillion.sidecar.plan.Homes;
import dev.pillion.sidecar.plan.Planner;
import dev.pillion.sidecar.telemetry.Diagnostics;
import dev.pillion.sidecar.telemetry.RequestLog;
import dev.pillion.sidecar.telemetry.Telemetry;
import dev.pillion.sidecar.upstream.ByteBudget;
import dev.pillion.sidecar.upstream.Loops;
import dev.pillion.sidecar.upstream.NettyVendors;
import dev.pillion.sidecar.upstream.ProxySettings;
import dev.pillion.sidecar.upstream.VendorOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The daemon: everything that lives in it, put together here and nowhere else. */
public final class Sidecar implements AutoCloseable {
    private static final long MAX_REPLY_BYTES = 64L << 20;
    private static final Duration DRAIN_STEP = Duration.ofMillis(10);

    private final SidecarOptions options;
    private final InstantSource clock = InstantSource.system();
    private final Settings settings;
    private final Health health = new Health(System::nanoTime, new SplittableRandom());
    private final SplittableRandom random = new SplittableRandom();
    private final Homes homes = new Homes();
    private final Habits habits = new Habits(System::nanoTime);
    private final TokenEstimator estimator = new TokenEstimator();
    private final Planner planner =
            new Planner(clock, System::nanoTime, random.split(), homes, estimator, health, habits);
    private final Admission admission;
    private final ByteBudget bodies;
    private final RequestLog log;
    private final Telemetry telemetry;
    private final Ledger ledger;
    private final Spending spending;
    private final Loops loops;
    private final NettyVendors vendors;
    private final ExecutorService offLoop = Executors.newVirtualThreadPerTaskExecutor();
    private final Listeners listeners;
    private final AtomicBoolean draining = new AtomicBoolean();
    private @Nullable InetSocketAddress tcpAddress;
    private @Nullable InetSocketAddress probesAddress;

    private Sidecar(SidecarOptions options, Settings settings, Ledger ledger) {
        this.options = options;
        this.settings = settings;
        this.ledger = ledger;
        this.spending = new Spending(ledger, clock, options.diagnostics());
        this.admission = new Admission(options.podCaller());
        this.bodies = new ByteBudget(options.bodyBudgetBytes());
        this.log = new RequestLog(options.requestLog(), options.diagnostics());
        this.telemetry = new Telemetry(log, options.diagnostics(), this::isConfigured);
        ownMetrics();
        this.loops = Loops.open(options.eventLoops());
        this.vendors = new NettyVendors(vendorOptions(options));
        this.listeners =
                new Listeners(
                        loops,
                        EdgeOptions.DEFAULTS.withMaxBodyBytes(options.maxBodyBytes()),
                        bodies,
                        new Refusals(settings::snapshot, telemetry, clock),
                        options.diagnostics());
    }

    /** Whether the configuration names the caller, so that it has counters of its own. */
    private boolean isConfigured(String caller) {
        return caller.equals(options.podCaller())
                || settings.snapshot().config().callers().containsKey(caller);
    }

    private void ownMetrics() {
        new OwnMetrics(this, telemetry).show();
        telemetry.gauge(
                "pillion_inflight",
                "Requests begun and not yet answered.",
                () -> listeners().inflight());
        telemetry.gauge(
                "pillion_config_version",
                "The version of the configuration in force.",
                () -> settings.snapshot().config().version());
        telemetry.gauge(
                "pillion_config_age_seconds",
                "How long the configuration has been in force.",
                () -> Duration.between(settings.state().since(), clock.instant()).toSeconds());
        telemetry.counter(
                "pillion_ledger_dropped_total",
                "Attempts that are not in the ledger.",
                ledger::dropped);
        telemetry.gauge(
                "pillion_ledger_unreadable",
                "Records or places of the ledger that were found damaged.",
                ledger::unreadable);
        telemetry.gauge(
                "pillion_ledger_trouble",
                "1 while the ledger can't be written.",
                () -> ledger.trouble() == null ? 0 : 1);
        telemetry.gauge(
                "pillion_breaker_state",
                "Whether a provider, or a model of it, takes part: 0 it does, 1 it is tried or"
                        + " comes back, 2 it is left out.",
                () -> healthReport().states());
        telemetry.gauge("pillion_ledger_bytes", "The ledger's files.", ledger::bytes);
    }

    /**
     * Starts a daemon; it serves when this returns.
     *
     * @throws StartException when the configuration is bad or a listener can't be opened
     */
    public static Sidecar start(SidecarOptions options) throws StartException {
        var settings = new Settings(options, InstantSource.system());
        Settings.Result loaded = settings.load();
        if (!loaded.problems().isEmpty()) {
            throw new StartException(StartException.BAD_CONFIG, loaded.problems());
        }
        loaded.warnings().forEach(options.diagnostics()::warn);
        var sidecar = new Sidecar(options, settings, openLedger(options));
        try {
            sidecar.spending.begin(sidecar.callers(), sidecar.offLoop);
            sidecar.listen();
            sidecar.vendors.prepare();
        } catch (ListenException e) {
            sidecar.close();
            throw new StartException(
                    StartException.FAILED, List.of(String.valueOf(e.getMessage())));
        }
        return sidecar;
    }

    private static Ledger openLedger(SidecarOptions options) throws StartException {
        Path directory = options.stateDirectory().resolve("ledger");
        try {
            return Ledger.open(
                    directory,
                    options.ledger(),
                    InstantSource.system(),
                    line -> options.diagnostics().warn(line.replaceFirst("^pillion: ", "")));
        } catch (IOException e) {
            throw new StartException(
                    StartException.FAILED,
                    List.of(
                            "the ledger can't be opened: "
                                    + e.getMessage()
                                    + " (expected: a directory to write to; --state-dir names"
                                    + " another)"));
        }
    }

    private static VendorOptions vendorOptions(SidecarOptions options) {
        VendorOptions vendors =
                VendorOptions.defaults()
                        .withProxies(ProxySettings.parse(options.environment()))
                        .withTls(VendorOptions.Tls.FASTEST);
        return options.caFile() == null ? vendors : vendors.withCaFile(options.caFile());
    }

    private Flow flow() {
        return new Flow(
                settings::snapshot,
                admission,
                spending.budgets(),
                planner,
                new Dispatcher(
                        vendors,
                        bodies,
                        MAX_REPLY_BYTES,
                        random.split(),
                        offLoop,
                        homes,
                        health,
                        habits),
                offLoop,
                ledger,
                telemetry,
                estimator,
                clock);
    }

    private void listen() throws ListenException {
        Flow flow = flow();
        if (options.socket() != null) {
            listeners.openDataSocket(options.socket(), mode(options.socketMode()), flow);
        }
        if (options.tcp() != null) {
            tcpAddress =
                    listeners.openDataTcp(
                            options.tcp(), options.tcpAllowRemote(), options.tcpTokenFile(), flow);
        }
        if (options.adminSocket() != null) {
            var admin = new AdminHandler(new AdminDesk(this), offLoop, options.diagnostics());
            listeners.openAdmin(options.adminSocket(), admin);
        }
        if (options.probes() != null) {
            probesAddress =
                    listeners.openProbes(
                            options.probes(),
                            new ProbesHandler(() -> !draining.get(), telemetry::metrics, offLoop));
        }
    }

    /** What is known of the targets' health. */
    Health health() {
        return health;
    }

    /** The same for people. */
    HealthReport healthReport() {
        return new HealthReport(health, settings::snapshot, clock);
    }

    /** Plans requests that nobody is to answer. */
    DryRun dryRun() {
        return new DryRun(settings::snapshot, admission, planner);
    }

    RoutesReport routes() {
        return new RoutesReport(planner, settings.snapshot(), clock);
    }

    /** The letters of an octal mode: {@code 0660} is {@code rw-rw----}. */
    private static String mode(String octal) {
        int bits = Integer.parseInt(octal, 8);
        var letters = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            letters.append((bits >> bit & 1) == 1 ? "rwx".charAt((8 - bit) % 3) : '-');
        }
        return letters.toString();
    }

    /** Reads the configuration again; on any problem the one in force stays. Blocks. */
    synchronized Settings.Result reload() {
        Diagnostics told = options.diagnostics();
        Map<String, CallerConfig> before = callers();
        Settings.Result result = settings.load();
        if (result.problems().isEmpty()) {
            spending.regroup(before, callers(), settings.state().since());
            told.info("configuration reloaded from " + settings.origin());
            result.warnings().forEach(told::warn);
        } else {
            told.error("configuration refused, the one in force stays:");
            result.problems().forEach(told::error);
        }
        return result;
    }

    /** For signals: like the admin command, its outcome told in the diagnostics. */
    public void reloadNow() {
        reload();
    }

    /** Who gives memory back that a load left behind; somebody has to let it look. */
    public Housekeeper housekeeper() {
        return Housekeeper.of(() -> listeners.inflight());
    }

    SidecarOptions options() {
        return options;
    }

    Settings settings() {
        return settings;
    }

    Listeners listeners() {
        return listeners;
    }

    NettyVendors vendors() {
        return vendors;
    }

    ByteBudget bodies() {
        return bodies;
    }

    public Telemetry telemetry() {
        return telemetry;
    }

    RequestLog log() {
        return log;
    }

    Ledger ledger() {
        return ledger;
    }

    Spending spending() {
        return spending;
    }

    Map<String, CallerConfig> callers() {
        return settings.snapshot().config().callers();
    }

    InstantSource clock() {
        return clock;
    }

    boolean draining() {
        return draining.get();
    }

    /** The data port; null when there is none. */
    public @Nullable InetSocketAddress tcpAddress() {
        return tcpAddress;
    }

    /** The probes' port; null when there is none. */
    public @Nullable InetSocketAddress probesAddress() {
        return probesAddress;
    }

    /** Connections to vendors that are open, for tests of leaks. */
    public int inflight() {
        return listeners.inflight();
    }

    /** One line for people: where it listens and what it serves. */
    public String startLine() {
        List<String> doors = new ArrayList<>();
        if (options.socket() != null) {
            doors.add("unix:" + options.socket());
        }
        if (tcpAddress != null) {
            doors.add("tcp:" + text(tcpAddress));
        }
        Path admin = options.adminSocket();
        String providers = String.join(", ", settings.snapshot().upstreams().keySet());
        return "version "
                + options.version()
                + " serves "
                + providers
                + " on "
                + String.join(" and ", doors)
                + (admin == null ? "" : ", admin on unix:" + admin)
                + (probesAddress == null ? "" : ", probes on " + text(probesAddress))
                + ", configured from "
                + settings.origin();
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Takes no more requests and waits, within the drain's bound, for those in flight. */
    public void drain() {
        draining.set(true);
        listeners.stopAccepting();
        long end = System.nanoTime() + options.drain().toNanos();
        while (listeners.inflight() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(DRAIN_STEP.toNanos());
        }
    }

    /** Ends everything at once; {@link #drain} first for a gentle end. */
    @Override
    public void close() {
        listeners.close();
        vendors.close();
        loops.close();
        spending.stop();
        offLoop.close();
        ledger.close();
        log.close();
    }
}

package dev.pillion.sidecar.telemetry;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where finished requests are told: the log, and counters for the probes' {@code /metrics}; and
 * where the daemon tells about itself.
 */
public final class Telemetry {
    private final RequestLog log;
    private final Diagnostics diagnostics;
    private final Metrics metrics;

    /** {@code configured}: whether the configuration names a caller so. */
    public Telemetry(RequestLog log, Diagnostics diagnostics, Predicate<String> configured) {
        this.log = log;
        this.diagnostics = diagnostics;
        this.metrics = new Metrics(Metrics.Bounds.DEFAULT, configured);
        counter(
                "pillion_log_dropped_lines_total",
                "Lines of the request log that nobody took in time.",
                log::droppedLines);
    }

    /** Takes note of a finished request; never waits. */
    public void finished(RequestRecord request) {
        log.log(request);
        metrics.count(request);
    }

    public Diagnostics diagnostics() {
        return diagnostics;
    }

    /** Shows a number of the daemon's that only grows; its name ends in {@code _total}. */
    public void counter(String name, String help, LongSupplier value) {
        metrics.counter(name, help, value);
    }

    /** Shows a number of the daemon's that comes and goes. */
    public void gauge(String name, String help, LongSupplier value) {
        metrics.gauge(name, help, value);
    }

    /** The same where not every system tells it; what is empty is not shown. */
    public void gaugeIfTold(String name, String help, Supplier<OptionalLong> value) {
        metrics.gaugeIfTold(name, help, value);
    }

    /** Shows a number of each target. */
    public void gauge(String name, String help, Supplier<List<TargetSample>> values) {
        metrics.gauge(name, help, values);
    }

    /** All counters in Prometheus' text format; with many series it takes some milliseconds. */
    public String metrics() {
        return metrics.text();
    }
}

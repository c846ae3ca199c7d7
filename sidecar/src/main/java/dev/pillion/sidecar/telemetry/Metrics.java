package dev.pillion.sidecar.telemetry;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Counters by who called what and how it ended, in bounded number: names that anyone can invent
 * (callers, models) are told apart up to a bound each, and are counted as {@code other} beyond it.
 * Thread-safe; on the data path it costs one look-up for a request and one for each attempt.
 */
final class Metrics {
    private final ConcurrentHashMap<Labels, RequestTotals> requests = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Labels, AttemptTotals> attempts = new ConcurrentHashMap<>();
    private final List<Single> singles = new CopyOnWriteArrayList<>();
    private final List<PerTarget> perTarget = new CopyOnWriteArrayList<>();
    private final LongAdder overflows = new LongAdder();
    private final Bounds bounds;
    private final Names callers;
    private final Names models;

    /** A number of the daemon as a whole. */
    private record Single(String name, String help, String type, Supplier<OptionalLong> value) {}

    private record PerTarget(String name, String help, Supplier<List<TargetSample>> values) {}

    /** How many names of each kind, and how many series of each metric, are told apart. */
    record Bounds(int callers, int models, int series) {
        static final Bounds DEFAULT = new Bounds(100, 300, 2_000);
    }

    /**
     * No counters yet.
     *
     * @param configured callers that the configuration names: they are always told apart
     */
    Metrics(Bounds bounds, Predicate<String> configured) {
        this.bounds = bounds;
        this.callers = new Names(bounds.callers(), configured);
        this.models = new Names(bounds.models(), _ -> false);
        counter(
                "pillion_series_overflow_total",
                "Requests and attempts counted under the name 'other': there were too many names.",
                overflows::sum);
    }

    /** Shows a number that only grows; its name ends in {@code _total}. */
    void counter(String name, String help, LongSupplier value) {
        singles.add(new Single(name, help, "counter", told(value)));
    }

    /** Shows a number that comes and goes. */
    void gauge(String name, String help, LongSupplier value) {
        singles.add(new Single(name, help, "gauge", told(value)));
    }

    /** The same where not every system tells it; what is empty is not shown. */
    void gaugeIfTold(String name, String help, Supplier<OptionalLong> value) {
        singles.add(new Single(name, help, "gauge", value));
    }

    private static Supplier<OptionalLong> told(LongSupplier value) {
        return () -> OptionalLong.of(value.getAsLong());
    }

    /** Shows a number of each target; those beyond the bound of models are left out. */
    void gauge(String name, String help, Supplier<List<TargetSample>> values) {
        perTarget.add(new PerTarget(name, help, values));
    }

    void count(RequestRecord r) {
        Labels labels =
                new Labels(
                        r.surface(),
                        r.provider(),
                        r.model(),
                        r.modelClass(),
                        r.caller(),
                        r.outcome());
        totals(requests, labels, RequestTotals::new).add(r);
        for (AttemptRecord attempt : r.attempts()) {
            totals(attempts, of(attempt, r), AttemptTotals::new).add(attempt);
        }
    }

    private static Labels of(AttemptRecord attempt, RequestRecord r) {
        return new Labels(
                r.surface(),
                attempt.provider(),
                attempt.model(),
                r.modelClass(),
                r.caller(),
                attempt.outcome());
    }

    private <T> T totals(ConcurrentHashMap<Labels, T> series, Labels labels, Supplier<T> fresh) {
        T known = series.get(labels);
        if (known != null) {
            return known;
        }
        Labels bounded = bounded(series, labels);
        if (!bounded.equals(labels)) {
            overflows.increment();
        }
        return series.computeIfAbsent(bounded, _ -> fresh.get());
    }

    /** Names give way first, so that sums by provider stay right as long as they can. */
    private Labels bounded(Map<Labels, ?> series, Labels labels) {
        Labels named = labels.named(models.ofNullable(labels.model()), callers.of(labels.caller()));
        if (series.containsKey(named) || series.size() < bounds.series()) {
            return named;
        }
        Labels nameless = labels.named(Names.OTHER, Names.OTHER);
        boolean room = series.containsKey(nameless) || series.size() < 2 * bounds.series();
        return room ? nameless : Labels.OTHER;
    }

    /** Everything in Prometheus' text format, version 0.0.4. */
    String text() {
        var out = new StringBuilder(16 << 10);
        Map<String, RequestTotals> asked = byText(requests);
        RequestTotals.METRICS.forEach(metric -> metric.write(out, asked));
        Map<String, AttemptTotals> tried = byText(attempts);
        AttemptTotals.METRICS.forEach(metric -> metric.write(out, tried));
        singles.forEach(each -> write(each, out));
        perTarget.forEach(each -> write(each, out));
        return out.toString();
    }

    private static void write(Single each, StringBuilder out) {
        OptionalLong value = each.value.get();
        if (value.isPresent()) {
            Metric.head(out, each.name, each.help, each.type);
            out.append(each.name).append(' ').append(value.getAsLong()).append('\n');
        }
    }

    private void write(PerTarget each, StringBuilder out) {
        Metric.head(out, each.name, each.help, "gauge");
        each.values.get().stream()
                .limit(bounds.models())
                .forEach(sample ->
                        out.append(each.name)
                                .append('{')
                                .append(Labels.ofTarget(sample.provider(), sample.model()))
                                .append("} ")
                                .append(sample.value())
                                .append('\n'));
    }

    private static <T> Map<String, T> byText(Map<Labels, T> series) {
        Map<String, T> sorted = new TreeMap<>();
        series.forEach((labels, totals) -> sorted.put(labels.text(), totals));
        return sorted;
    }
}

package dev.pillion.sidecar.telemetry;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One metric of series of sums, and how it stands in Prometheus' text format, version 0.0.4.
 *
 * @param value the only sample of a counter; a summary's sum
 * @param count a summary's count; null: a counter
 */
record Metric<T>(
        String name, String help, Function<T, String> value, @Nullable Function<T, String> count) {

    static <T> Metric<T> counter(String name, String help, Function<T, String> value) {
        return new Metric<>(name, help, value, null);
    }

    static <T> Metric<T> summary(
            String name, String help, Function<T, String> sum, Function<T, String> count) {
        return new Metric<>(name, help, sum, count);
    }

    /** Appends the metric; {@code series} by their labels' text. */
    void write(StringBuilder out, Map<String, T> series) {
        head(out, name, help, count == null ? "counter" : "summary");
        series.forEach((labels, totals) -> {
            if (count == null) {
                sample(out, name, labels, value.apply(totals));
            } else {
                sample(out, name + "_sum", labels, value.apply(totals));
                sample(out, name + "_count", labels, count.apply(totals));
            }
        });
    }

    static void head(StringBuilder out, String name, String help, String type) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void sample(StringBuilder out, String name, String labels, String value) {
        out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }
}

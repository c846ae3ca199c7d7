package dev.pillion.bench;

import dev.pillion.bench.Result.Sample;
import dev.pillion.bench.Result.Spread;
import dev.pillion.bench.Result.Who;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A result as tables for people and as JSON for programs. */
final class Report {
    private final Options options;
    private final Result result;
    private final String rival;
    private final StringBuilder out = new StringBuilder();

    Report(Options options, Result result) {
        this.options = options;
        this.result = result;
        rival =
                switch (options.rival()) {
                    case PILLION -> "pillion";
                    case SECOND_NGINX -> "nginx-2";
                    case NOBODY -> "-";
                };
    }

    // ---- tables

    String table() {
        conditions();
        cpu();
        pairs();
        throughput();
        streams();
        latency();
        memory();
        verdict();
        return out.toString();
    }

    private void conditions() {
        line("");
        line(
                "%d rounds of %d s a measurement, %d connections (latency: %d; drip: twice as"
                        + " many), warm-up %d s a case",
                options.rounds(),
                options.seconds(),
                options.connections(),
                options.latencyConnections(),
                options.warmupSeconds());
        line(
                "%d cores, other processes used %.2f of them (median); Linux %s, %s",
                Runtime.getRuntime().availableProcessors(),
                result.foreignCores(),
                System.getProperty("os.version"),
                System.getProperty("bench.nginx.version", "nginx"));
    }

    private void cpu() {
        line("");
        line("CPU per request, user + system of the process tree, microseconds (median)");
        line("%-24s %9s %9s %9s %9s   %s", "case", "nginx", rival, "(user)", "(JIT)", ratioTitle());
        for (var slot : result.slots()) {
            line(
                    "%-24s %9.1f %9.1f %9.1f %9.1f   %s",
                    slot.label(),
                    result.spread(slot, Who.NGINX, Sample::cpuMicros).median(),
                    result.spread(slot, Who.RIVAL, Sample::cpuMicros).median(),
                    result.spread(slot, Who.RIVAL, Sample::userMicros).median(),
                    result.spread(slot, Who.RIVAL, Sample::jitMicros).median(),
                    ratio(slot, Sample::cpuMicros));
        }
        translated();
    }

    /** The two Pillions, pair by pair. */
    private void pairs() {
        if (!options.pairs()) {
            return;
        }
        String what = options.accounting() ? "on, off, and what it costs" : "this, that, difference";
        line("");
        line("CPU per request of the two Pillions, microseconds: %s: median (min..max)", what);
        for (var slot : result.slots()) {
            var more = result.beyondOther(slot, Sample::cpuMicros);
            line(
                    "%-24s %9.1f %9.1f   %.1f (%.1f..%.1f)",
                    slot.label(),
                    result.spread(slot, Who.RIVAL, Sample::cpuMicros).median(),
                    result.spread(slot, Who.OTHER, Sample::cpuMicros).median(),
                    more.median(),
                    more.min(),
                    more.max());
        }
    }

    /** What translation adds, where the same size was measured passed through as well. */
    private void translated() {
        String title = "translated/passed through: median (min..max)";
        for (var slot : result.slots()) {
            var spread = result.translated(slot, Sample::cpuMicros);
            if (!slot.way().passes() && !Double.isNaN(spread.median())) {
                if (!title.isEmpty()) {
                    line("");
                    line("%-24s %s", "CPU per request", title);
                    title = "";
                }
                line("%-24s %s", slot.label(), shown(spread));
            }
        }
    }

    private void throughput() {
        line("");
        line("Requests a second, closed loop, load generator and upstream on the same cores");
        line("%-24s %9s %9s %9s   %s", "case", "direct", "nginx", rival, ratioTitle());
        for (var slot : result.slots()) {
            line(
                    "%-24s %9.0f %9.0f %9.0f   %s",
                    slot.label(),
                    result.spread(slot, Who.DIRECT, Sample::perSecond).median(),
                    result.spread(slot, Who.NGINX, Sample::perSecond).median(),
                    result.spread(slot, Who.RIVAL, Sample::perSecond).median(),
                    ratio(slot, Sample::perSecond));
        }
    }

    /** A proxy that gets several events with one read has less to do: so look at that, too. */
    private void streams() {
        if (result.slots().stream().noneMatch(s -> s.size().stream)) {
            return;
        }
        line("");
        line(
                "Reads a streamed reply in the client under load (the upstream writes about 104"
                        + " times)");
        line("%-24s %9s %9s %9s", "case", "direct", "nginx", rival);
        for (var slot : result.slots()) {
            if (slot.size().stream) {
                line(
                        "%-24s %9.1f %9.1f %9.1f",
                        slot.label(),
                        result.spread(slot, Who.DIRECT, Sample::reads).median(),
                        result.spread(slot, Who.NGINX, Sample::reads).median(),
                        result.spread(slot, Who.RIVAL, Sample::reads).median());
            }
        }
    }

    private void latency() {
        line("");
        line("Latency to the last byte at low load, microseconds: direct, and what each adds");
        line(
                "%-24s %8s %8s   %-19s %-19s   %-19s %-19s",
                "case",
                "direct",
                "direct",
                "nginx +p50",
                rival + " +p50",
                "nginx +p99",
                rival + " +p99");
        line("%-24s %8s %8s   %s", "", "p50", "p99", "median (min..max)");
        for (var slot : result.slots()) {
            line(
                    "%-24s %8.0f %8.0f   %-19s %-19s   %-19s %-19s",
                    slot.label(),
                    result.spread(slot, Who.DIRECT, Sample::p50Micros).median(),
                    result.spread(slot, Who.DIRECT, Sample::p99Micros).median(),
                    added(slot, Who.NGINX, Sample::p50Micros),
                    added(slot, Who.RIVAL, Sample::p50Micros),
                    added(slot, Who.NGINX, Sample::p99Micros),
                    added(slot, Who.RIVAL, Sample::p99Micros));
        }
    }

    private void memory() {
        line("");
        line("Memory of the process tree, MB");
        line("%-24s %14s %14s %14s", "", "RSS idle", "RSS after load", "peak RSS");
        result.memory()
                .forEach(
                        (name, use) ->
                                line(
                                        "%-24s %14.1f %14.1f %14.1f",
                                        name,
                                        use.idle().residentKb() / 1024.0,
                                        use.loaded().residentKb() / 1024.0,
                                        use.loaded().peakKb() / 1024.0));
    }

    private void verdict() {
        line("");
        if (options.rival() == Options.Rival.PILLION) {
            line(
                    "Request log: on, read through a pipe; %d lines for %d answers counted.",
                    result.logLines(), result.rivalRequests());
        }
        if (result.errors() == 0) {
            line("Errors: none; every answer counted was complete and right.");
        } else {
            line("ERRORS: %d. The numbers above are not to be used.", result.errors());
            result.problems().forEach(p -> line("  %s", p));
        }
    }

    private String ratioTitle() {
        return rival + "/nginx: median (min..max)";
    }

    private String ratio(Slot slot, ToDoubleFunction<Sample> value) {
        var spread = result.ratio(slot, value);
        return Double.isNaN(spread.median()) ? "-" : shown(spread);
    }

    private static String shown(Spread spread) {
        return "%.2f (%.2f..%.2f)".formatted(spread.median(), spread.min(), spread.max());
    }

    private String added(Slot slot, Who who, ToDoubleFunction<Sample> value) {
        var spread = result.added(slot, who, value);
        return Double.isNaN(spread.median())
                ? "-"
                : "%.0f (%.0f..%.0f)".formatted(spread.median(), spread.min(), spread.max());
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    // ---- JSON

    String json() {
        var root = new LinkedHashMap<String, Object>();
        root.put("conditions", conditionsJson());
        root.put("cases", result.slots().stream().map(this::caseJson).toList());
        var memory = new LinkedHashMap<String, Object>();
        result.memory().forEach((name, use) -> memory.put(name, memoryJson(use)));
        root.put("memory_kb", memory);
        root.put("log_lines", result.logLines());
        root.put("rival_answers", result.rivalRequests());
        root.put("errors", result.errors());
        root.put("problems", result.problems());
        var json = new StringBuilder();
        write(root, json);
        return json.toString();
    }

    private Map<String, Object> conditionsJson() {
        var map = new LinkedHashMap<String, Object>();
        map.put("rival", rival);
        map.put("rounds", options.rounds());
        map.put("seconds", options.seconds());
        map.put("warmup_seconds", options.warmupSeconds());
        map.put("connections", options.connections());
        map.put("latency_connections", options.latencyConnections());
        map.put("cores", Runtime.getRuntime().availableProcessors());
        map.put("foreign_cores", result.foreignCores());
        map.put("kernel", System.getProperty("os.version"));
        map.put("nginx", System.getProperty("bench.nginx.version", "nginx"));
        return map;
    }

    private Map<String, Object> caseJson(Slot slot) {
        var map = new LinkedHashMap<String, Object>();
        map.put("case", slot.label());
        if (options.rival() != Options.Rival.NOBODY) {
            map.put("cpu_ratio", spreadJson(result.ratio(slot, Sample::cpuMicros)));
            if (!slot.way().passes()) {
                map.put("translated_ratio", spreadJson(result.translated(slot, Sample::cpuMicros)));
            }
            if (options.pairs()) {
                map.put("beyond_other_us", spreadJson(result.beyondOther(slot, Sample::cpuMicros)));
            }
            map.put("throughput_ratio", spreadJson(result.ratio(slot, Sample::perSecond)));
            map.put("added_p50_us", spreadJson(result.added(slot, Who.RIVAL, Sample::p50Micros)));
            map.put("added_p99_us", spreadJson(result.added(slot, Who.RIVAL, Sample::p99Micros)));
        }
        for (var who : Who.values()) {
            String name = who == Who.RIVAL ? rival : who.name().toLowerCase(Locale.ROOT);
            var samples = result.samples(slot, who);
            if (!samples.isEmpty()) {
                map.put(name, samples.stream().map(Report::sampleJson).toList());
            }
        }
        return map;
    }

    private static Map<String, Object> sampleJson(Sample sample) {
        var map = new LinkedHashMap<String, Object>();
        map.put("requests", sample.requests());
        map.put("cpu_us", sample.cpuMicros());
        map.put("cpu_user_us", sample.userMicros());
        map.put("cpu_jit_us", sample.jitMicros());
        map.put("per_second", sample.perSecond());
        map.put("busy_cores", sample.busy());
        map.put("p50_us", sample.p50Micros());
        map.put("p99_us", sample.p99Micros());
        map.put("first_byte_p50_us", sample.firstByteMicros());
        map.put("reads_per_reply", sample.reads());
        map.put("foreign_cores", sample.foreignCores());
        return map;
    }

    private static Map<String, Object> memoryJson(Result.MemoryUse use) {
        var map = new LinkedHashMap<String, Object>();
        map.put("rss_idle", use.idle().residentKb());
        map.put("pss_idle", use.idle().proportionalKb());
        map.put("rss_after_load", use.loaded().residentKb());
        map.put("pss_after_load", use.loaded().proportionalKb());
        map.put("rss_peak", use.loaded().peakKb());
        return map;
    }

    private static Map<String, Object> spreadJson(Spread spread) {
        var map = new LinkedHashMap<String, Object>();
        map.put("min", spread.min());
        map.put("median", spread.median());
        map.put("max", spread.max());
        return map;
    }

    private static void write(Object value, StringBuilder to) {
        switch (value) {
            case Map<?, ?> map -> {
                String comma = "{";
                for (var entry : map.entrySet()) {
                    to.append(comma);
                    write(entry.getKey(), to);
                    to.append(':');
                    write(entry.getValue(), to);
                    comma = ",";
                }
                to.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String comma = "[";
                for (var item : list) {
                    to.append(comma);
                    write(item, to);
                    comma = ",";
                }
                to.append(list.isEmpty() ? "[]" : "]");
            }
            case Double number ->
                    to.append(
                            Double.isFinite(number)
                                    ? String.format(Locale.ROOT, "%.3f", number)
                                    : "null");
            case Number number -> to.append(number);
            case String text -> {
                to.append('"');
                text.chars().forEach(c -> escape((char) c, to));
                to.append('"');
            }
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private static void escape(char c, StringBuilder to) {
        if (c == '"' || c == '\\') {
            to.append('\\').append(c);
        } else if (c < ' ') {
            to.append(String.format("\\u%04x", (int) c));
        } else {
            to.append(c);
        }
    }
}

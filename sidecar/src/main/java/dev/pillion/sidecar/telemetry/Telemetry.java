package dev.pillion.sidecar.telemetry;

import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Where finished requests are told: the log, and counters for the probes' {@code /metrics}. */
public final class Telemetry {
    private static final int MAX_SERIES = 2_000;

    private final RequestLog log;
    private final ConcurrentHashMap<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final LongAdder inputTokens = new LongAdder();
    private final LongAdder outputTokens = new LongAdder();

    public Telemetry(RequestLog log) {
        this.log = log;
    }

    /** Takes note of a finished request; never waits. */
    public void finished(RequestRecord request) {
        log.log(request);
        counter(request).increment();
        inputTokens.add(request.usage().inputTokens());
        outputTokens.add(request.usage().outputTokens());
    }

    private LongAdder counter(RequestRecord request) {
        String labels =
                "surface=\""
                        + request.surface()
                        + "\",provider=\""
                        + request.provider()
                        + "\",outcome=\""
                        + request.outcome()
                        + "\"";
        LongAdder found = requests.get(labels);
        if (found != null) {
            return found;
        }
        String key = requests.size() < MAX_SERIES ? labels : "outcome=\"other\"";
        return requests.computeIfAbsent(key, each -> new LongAdder());
    }

    /** The counters in Prometheus' text format. */
    public String metrics() {
        var text = new StringBuilder("# TYPE pillion_request_count counter\n");
        new TreeMap<>(requests)
                .forEach((labels, count) ->
                        text.append("pillion_request_count{")
                                .append(labels)
                                .append("} ")
                                .append(count.sum())
                                .append('\n'));
        text.append("# TYPE pillion_tokens_input counter\npillion_tokens_input ")
                .append(inputTokens.sum())
                .append("\n# TYPE pillion_tokens_output counter\npillion_tokens_output ")
                .append(outputTokens.sum())
                .append("\n# TYPE pillion_log_dropped_lines counter\npillion_log_dropped_lines ")
                .append(log.droppedLines())
                .append('\n');
        return text.toString();
    }
}

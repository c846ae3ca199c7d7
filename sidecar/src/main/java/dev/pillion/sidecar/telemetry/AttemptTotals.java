package dev.pillion.sidecar.telemetry;

import dev.pillion.protocol.chat.Usage;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** The sums of one series of attempts; money exactly. */
final class AttemptTotals {
    private final LongAdder count = new LongAdder();
    private final LongAdder input = new LongAdder();
    private final LongAdder cached = new LongAdder();
    private final LongAdder cacheWrites = new LongAdder();
    private final LongAdder output = new LongAdder();
    private final LongAdder thinking = new LongAdder();
    private final LongAdder searches = new LongAdder();
    private final LongAdder unpriced = new LongAdder();
    private final LongAdder estimated = new LongAdder();
    private final AtomicReference<BigDecimal> costUsd = new AtomicReference<>(BigDecimal.ZERO);

    /** The metrics that they are shown as. */
    static final List<Metric<AttemptTotals>> METRICS =
            List.of(
                    sum("attempt_count", "Attempts at vendors.", totals -> totals.count),
                    Metric.counter(
                            "pillion_cost_usd_total",
                            "What attempts cost in US dollars, where their price is known.",
                            totals -> totals.costUsd.get().toPlainString()),
                    sum(
                            "unpriced_count",
                            "Attempts whose price or use is not known: no cost has them.",
                            totals -> totals.unpriced),
                    sum(
                            "estimated_count",
                            "Attempts whose vendor did not tell all that they used.",
                            totals -> totals.estimated),
                    sum("tokens_input", "Tokens of prompts, cached ones too.", t -> t.input),
                    sum("tokens_cached", "Tokens of prompts read from a cache.", t -> t.cached),
                    sum("tokens_cache_write", "Tokens written to a cache.", t -> t.cacheWrites),
                    sum("tokens_output", "Tokens of answers, thinking too.", t -> t.output),
                    sum("tokens_thinking", "Tokens of thinking.", t -> t.thinking),
                    sum("websearch_count", "Web searches at vendors.", t -> t.searches));

    private static Metric<AttemptTotals> sum(
            String name, String help, Function<AttemptTotals, LongAdder> of) {
        return Metric.counter(
                "pillion_" + name + "_total",
                help,
                totals -> Long.toString(of.apply(totals).sum()));
    }

    void add(AttemptRecord attempt) {
        count.increment();
        BigDecimal usd = attempt.cost().usd();
        if (usd == null) {
            unpriced.increment();
        } else if (usd.signum() != 0) {
            costUsd.accumulateAndGet(usd, BigDecimal::add);
        }
        add(attempt.usage());
    }

    private void add(Usage usage) {
        add(input, usage.inputTokens());
        add(cached, usage.cachedInputTokens());
        add(cacheWrites, usage.cacheWriteTokens());
        add(output, usage.outputTokens());
        add(thinking, usage.thinkingTokens());
        add(searches, usage.webSearches());
        add(estimated, usage.estimated() ? 1 : 0);
    }

    private static void add(LongAdder sum, long more) {
        if (more != 0) {
            sum.add(more);
        }
    }
}

package dev.pillion.sidecar.telemetry;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** The sums of one series of requests. */
final class RequestTotals {
    private static final double MILLIS = 1e3;
    private static final double MICROS = 1e6;

    private final LongAdder count = new LongAdder();
    private final LongAdder failovers = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final LongAdder millis = new LongAdder();
    private final LongAdder overheadMicros = new LongAdder();
    private final LongAdder firsts = new LongAdder();
    private final LongAdder firstMillis = new LongAdder();

    /** The metrics that they are shown as. */
    static final List<Metric<RequestTotals>> METRICS =
            List.of(
                    Metric.counter(
                            "pillion_request_count_total",
                            "Requests, by how they ended.",
                            totals -> Long.toString(totals.count.sum())),
                    Metric.counter(
                            "pillion_failover_count_total",
                            "Requests whose last attempt was at another model or provider than"
                                    + " the first.",
                            totals -> Long.toString(totals.failovers.sum())),
                    Metric.counter(
                            "pillion_limit_rejected_total",
                            "Requests that Pillion's own limits and budgets refused.",
                            totals -> Long.toString(totals.limited.sum())),
                    Metric.summary(
                            "pillion_request_duration_seconds",
                            "From a request's first byte to its answer's last.",
                            totals -> Double.toString(totals.millis.sum() / MILLIS),
                            totals -> Long.toString(totals.count.sum())),
                    Metric.summary(
                            "pillion_request_ttft_seconds",
                            "From a request's first byte to its answer's first content.",
                            totals -> Double.toString(totals.firstMillis.sum() / MILLIS),
                            totals -> Long.toString(totals.firsts.sum())),
                    Metric.summary(
                            "pillion_request_overhead_seconds",
                            "Time inside Pillion up to the answer's header.",
                            totals -> Double.toString(totals.overheadMicros.sum() / MICROS),
                            totals -> Long.toString(totals.count.sum())));

    void add(RequestRecord request) {
        count.increment();
        millis.add(request.durationMillis());
        overheadMicros.add(request.overheadMicros());
        Long first = request.ttftMillis();
        if (first != null) {
            firsts.increment();
            firstMillis.add(first);
        }
        if (failedOver(request.attempts())) {
            failovers.increment();
        }
        if (request.attempts().isEmpty() && isLimit(request.outcome())) {
            limited.increment();
        }
    }

    /** What vendors limit has an attempt. */
    private static boolean isLimit(String outcome) {
        return outcome.equals("rate_limited") || outcome.equals("budget_exceeded");
    }

    /** Whoever was overtaken has not failed. */
    private static boolean failedOver(List<AttemptRecord> attempts) {
        if (attempts.size() < 2) {
            return false;
        }
        AttemptRecord last = attempts.getLast();
        AttemptRecord first = last;
        for (AttemptRecord each : attempts.reversed()) {
            first = each.outcome().equals(AttemptRecord.HEDGED) ? first : each;
        }
        return !first.provider().equals(last.provider())
                || !String.valueOf(first.model()).equals(String.valueOf(last.model()));
    }
}

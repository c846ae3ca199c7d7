package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** What the daemon held before and after, each with its bound; and whatever does not fit. */
final class SoakReport {
    private static final long MIB = 1 << 20;
    private static final long KIB = 1 << 10;

    /**
     * What is remembered of the latest requests is bounded, but not yet full after a warm-up: ids
     * and where they are stored, beginnings of prompts, callers' habits; and series of metrics.
     */
    private static final long HEAP_SLACK_BYTES = 12 * MIB;

    /** Sixteen of Netty's chunks: how many a thread's caches keep alive is a matter of chance. */
    private static final long DIRECT_SLACK_BYTES = 8 * MIB;

    /** Some small buffers lie in a thread's caches at rest. */
    private static final long USED_SLACK_BYTES = 64 * KIB;

    /**
     * Compiled code goes on growing, up to the launcher's bound of 64 MiB, and so does the above.
     */
    private static final long RESIDENT_SLACK_BYTES = 40 * MIB;

    /** One of a class may lie in a place that is overwritten by the next. */
    private static final long INSTANCES_SLACK = 8;

    /** What a request, a connection or a reload has for itself; none may outlive its use. */
    private static final List<String> SHORT_LIVED =
            List.of(
                    "edge.HttpSession",
                    "edge.HttpExchange",
                    "exchange.Exchange",
                    "exchange.ReplyWriter",
                    "dispatch.Dispatch",
                    "dispatch.Attempt",
                    "upstream.Call",
                    "upstream.Connection",
                    "admit.Permit",
                    "config.Snapshot");

    private static final String COMPILERS_AND_CARRIERS =
            "C[12] CompilerThre.*|ForkJoinPool.*|VirtualThread.*";

    private final SoakState before;
    private final SoakState after;
    private final StringBuilder table = new StringBuilder();
    private final List<String> problems = new ArrayList<>();

    SoakReport(SoakState before, SoakState after) {
        this.before = before;
        this.after = after;
        row("", "after warm-up", "at the end", "bound", true);
        nothing("requests in flight", SoakState::inflight);
        nothing("bytes of bodies held", SoakState::bodyBytes);
        compare("client connections, but the one that looks", s -> s.clientConnections() - 1, 0, 1);
        nothing("vendor connections, by Pillion's count", SoakState::vendorConnections);
        nothing("vendor connections, by the vendors'", SoakState::vendorsSeeOpen);
        nothing("reserved of budgets, USD", s -> s.reservedUsd().signum());
        compare("heap alive, KiB", SoakState::heapBytes, HEAP_SLACK_BYTES, KIB);
        compare("direct memory in use, KiB", SoakState::directUsedBytes, USED_SLACK_BYTES, KIB);
        compare("direct memory kept, KiB", SoakState::directBytes, DIRECT_SLACK_BYTES, KIB);
        compare(
                "direct memory by the JVM, KiB",
                s -> nativeBytes(s, "Other"),
                DIRECT_SLACK_BYTES,
                KIB);
        compare("descriptors", SoakState::descriptors, 0, 1);
        compare("threads, but compilers and carriers", SoakReport::threads, 0, 1);
        compare("resident, KiB", SoakState::residentBytes, RESIDENT_SLACK_BYTES, KIB);
        instances();
    }

    private static long nativeBytes(SoakState state, String what) {
        return state.nativeKib().getOrDefault(what, 0L) * KIB;
    }

    private static long threads(SoakState state) {
        return state.threads().entrySet().stream()
                .filter(each -> !each.getKey().matches(COMPILERS_AND_CARRIERS))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private void nothing(String what, ToLongFunction<SoakState> of) {
        long now = of.applyAsLong(after);
        row(what, of.applyAsLong(before), now, "0", now == 0);
    }

    private void compare(String what, ToLongFunction<SoakState> of, long slack, long unit) {
        long was = of.applyAsLong(before);
        long now = of.applyAsLong(after);
        String bound = slack == 0 ? "no more" : "+" + slack / unit;
        row(what, was / unit, now / unit, bound, now <= was + slack);
    }

    private void instances() {
        for (String name : SHORT_LIVED) {
            String full = existing("dev.pillion.sidecar." + name);
            long was = before.instances().getOrDefault(full, 0L);
            long now = after.instances().getOrDefault(full, 0L);
            row("alive: " + name, was, now, "+" + INSTANCES_SLACK, now <= was + INSTANCES_SLACK);
        }
    }

    /** A class that is renamed would else never be found alive. */
    private static String existing(String name) {
        try {
            return Class.forName(name, false, SoakReport.class.getClassLoader()).getName();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("no class of ours: " + name, e);
        }
    }

    private void row(String what, Object was, Object now, String bound, boolean holds) {
        table.append(
                "%-44s %14s %14s %10s%s%n".formatted(what, was, now, bound, holds ? "" : "  ✗"));
        if (!holds) {
            problems.add(what + ": " + was + " → " + now + " (expected: " + bound + ")");
        }
    }

    void say(String line) {
        table.append(line).append('\n');
    }

    /** All were sent, most were answered well, none waits for ever. */
    void clients(SoakTally tally, long sent) {
        expect(tally.all() == sent, tally.all() + " requests ended of " + sent);
        expect(tally.stuckCount() == 0, tally.stuckCount() + " requests were never answered");
        expect(tally.ok() > sent / 2, tally.ok() + " answered well of " + sent);
        tally.problems().forEach(this::say);
    }

    /**
     * One record an attempt. A vendor need not have seen one that was cancelled or found nobody who
     * listens; and sees one twice where a connection broke before it answered.
     */
    void accounts(SoakDaemon daemon, SoakVendors vendors) throws IOException {
        String metrics = daemon.probe("/metrics");
        String name = "pillion_attempt_count_total";
        long counted = SoakDaemon.metric(metrics, name, "");
        JsonNode total = daemon.adminJson("GET /usage?by=provider").path("total");
        long booked = total.path("attempts").asLong();
        long dropped = SoakDaemon.metric(metrics, "pillion_ledger_dropped_total", "");
        Map<String, Long> outcomes = new TreeMap<>();
        for (String outcome : List.of("ok", "cancelled", "unavailable", "hedged", "timeout")) {
            outcomes.put(outcome, SoakDaemon.metric(metrics, name, "outcome=\"" + outcome + "\""));
        }
        String request = "pillion_request_count_total";
        long defects = SoakDaemon.metric(metrics, request, "outcome=\"internal\"");
        expect(defects == 0, defects + " requests met a defect of Pillion's");
        long seen = vendors.requests();
        long unseen =
                outcomes.get("cancelled")
                        + outcomes.get("unavailable")
                        + outcomes.get("hedged")
                        + outcomes.get("timeout");
        say(
                "ledger %d records, metrics %d attempts %s; the vendors saw %d, up to %d of them twice"
                        .formatted(booked, counted, outcomes, seen, vendors.resentAtMost()));
        expect(booked == counted && dropped == 0, "ledger " + booked + ", counted " + counted);
        expect(seen <= booked + vendors.resentAtMost(), seen + " seen, " + booked + " booked");
        expect(seen >= booked - unseen, seen + " seen, " + booked + " booked");
    }

    /** Standard error tells of no defect and no lost buffer. */
    void said(String err) {
        List<String> bad =
                err.lines()
                        .filter(line -> line.contains("defect") || line.contains("LEAK"))
                        .toList();
        expect(
                bad.isEmpty(),
                bad.size() + " defects or leaks told: " + bad.stream().limit(3).toList());
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(otherwise);
        }
    }

    List<String> problems() {
        return problems;
    }

    /** The table, what is wrong, and then what has grown most. */
    String text() {
        var text = new StringBuilder(table);
        problems.forEach(problem -> text.append("✗ ").append(problem).append('\n'));
        if (!problems.isEmpty() || Boolean.getBoolean("pillion.soak.verbose")) {
            grown(text, "heap bytes", before.bytes(), after.bytes());
            grown(text, "instances", before.instances(), after.instances());
            grown(text, "descriptors", before.files(), after.files());
            grown(text, "threads", before.threads(), after.threads());
            grown(text, "native KiB", before.nativeKib(), after.nativeKib());
        }
        return text.toString();
    }

    private static <N extends Number> void grown(
            StringBuilder text, String what, Map<String, N> was, Map<String, N> now) {
        Map<String, Long> more = new TreeMap<>();
        now.forEach((name, count) -> {
            N old = was.get(name);
            more.put(name, count.longValue() - (old == null ? 0 : old.longValue()));
        });
        text.append(what).append(" that are more:\n");
        more.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(30)
                .forEach(each ->
                        text.append("%12d  %s%n".formatted(each.getValue(), each.getKey())));
    }
}

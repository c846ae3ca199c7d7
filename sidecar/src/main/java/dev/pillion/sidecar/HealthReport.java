package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.config.ModelIds;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.health.Vitals;
import dev.pillion.sidecar.telemetry.TargetSample;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the targets do, for {@code pillion admin health}, {@code status} and {@code /metrics}: every
 * provider that can be called, and every model that was asked since the start.
 */
final class HealthReport {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Health health;
    private final Supplier<Snapshot> snapshot;
    private final InstantSource clock;

    HealthReport(Health health, Supplier<Snapshot> snapshot, InstantSource clock) {
        this.health = health;
        this.snapshot = snapshot;
        this.clock = clock;
    }

    /** A provider, or one of its models; {@code vitals} null: it was never asked. */
    private record Row(String provider, @Nullable String model, @Nullable Vitals vitals) {
        String name() {
            return model == null ? provider : model;
        }
    }

    private List<Row> rows() {
        SortedMap<String, @Nullable Vitals> all = new TreeMap<>(health.all());
        snapshot.get().upstreams().keySet().forEach(provider -> all.putIfAbsent(provider, null));
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, @Nullable Vitals> each : all.entrySet()) {
            String name = each.getKey();
            Vitals vitals = each.getValue();
            boolean model = name.indexOf('/') >= 0;
            if (!model) {
                rows.add(new Row(name, null, vitals));
            } else if (vitals != null && vitals.calls() > 0) {
                rows.add(new Row(ModelIds.provider(name), name, vitals));
            }
        }
        return rows;
    }

    ObjectNode json() {
        ObjectNode report = Json.object();
        Instant now = clock.instant();
        ArrayNode targets = report.putArray("targets");
        for (Row row : rows()) {
            ObjectNode target = targets.addObject();
            target.put("provider", row.provider()).put("model", row.model());
            vitals(target, row.vitals(), now);
        }
        ArrayNode held = report.putArray("held_keys");
        for (Health.Hold hold : health.allHeld()) {
            held.addObject()
                    .put("provider", hold.provider())
                    .put("key_id", hold.keyId().isEmpty() ? null : hold.keyId())
                    .put("model", hold.model())
                    .put("until", after(now, hold.leftNanos()));
        }
        return report;
    }

    private static void vitals(ObjectNode target, @Nullable Vitals vitals, Instant now) {
        if (vitals == null) {
            target.put("state", word(Vitals.State.CLOSED)).put("calls", 0);
            return;
        }
        boolean out = vitals.state() == Vitals.State.OPEN;
        target.put("state", word(vitals.state()))
                .put("until", out ? after(now, vitals.untilNanos()) : null)
                .put("share", rounded(vitals.share()))
                .put("calls", vitals.calls())
                .put("waiting", vitals.waiting())
                .put("window_ended", vitals.ended())
                .put("window_failed", vitals.failed())
                .put("failure_share", rounded(vitals.failureShare()));
        waits(target.putObject("first_token_ms"), vitals.streamed());
        waits(target.putObject("whole_answer_ms"), vitals.whole());
        double perToken = vitals.perTokenNanos();
        target.put("token_ms", perToken == 0 ? null : rounded(perToken / NANOS_PER_MILLI));
    }

    private static void waits(ObjectNode told, Vitals.Waits waits) {
        boolean known = waits.seen() > 0;
        told.put("p50", known ? Math.round(waits.p50Nanos() / NANOS_PER_MILLI) : null)
                .put("p95", known ? Math.round(waits.p95Nanos() / NANOS_PER_MILLI) : null);
    }

    /** For {@code status}: who is left out now, a line each. */
    void ejected(ArrayNode lines) {
        Instant now = clock.instant();
        for (Row row : rows()) {
            Vitals vitals = row.vitals();
            if (vitals != null && vitals.state() == Vitals.State.OPEN) {
                lines.add(row.name() + " until " + after(now, vitals.untilNanos()));
            } else if (vitals != null && vitals.state() != Vitals.State.CLOSED) {
                lines.add(row.name() + " " + word(vitals.state()));
            }
        }
    }

    /** For {@code /metrics}: of whom the configuration knows, so that nobody invents series. */
    List<TargetSample> states() {
        Snapshot now = snapshot.get();
        return rows().stream()
                .filter(row -> now.upstreams().containsKey(row.provider()))
                .filter(row ->
                        row.model() == null || now.config().models().containsKey(row.model()))
                .map(row ->
                        new TargetSample(
                                row.provider(),
                                row.model() == null ? null : ModelIds.vendorId(row.model()),
                                number(row.vitals())))
                .toList();
    }

    private static long number(@Nullable Vitals vitals) {
        return vitals == null
                ? 0
                : switch (vitals.state()) {
                    case CLOSED -> 0;
                    case RETURNING, HALF_OPEN -> 1;
                    case OPEN -> 2;
                };
    }

    static String word(Vitals.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String after(Instant now, long nanos) {
        return now.plusNanos(nanos).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}

package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/** How the targets do, for people. */
final class HealthTable {
    private static final String NONE = "-";

    private HealthTable() {}

    /** Prints the report as the admin socket gives it. */
    static void print(JsonNode report, PrintWriter out) {
        var table = new Columns("lllrrrrrrr");
        table.add(
                List.of(
                        "target",
                        "state",
                        "until",
                        "share",
                        "failed",
                        "failing",
                        "waiting",
                        "first p50/p95 ms",
                        "whole p50/p95 ms",
                        "token ms"));
        for (JsonNode target : report.path("targets")) {
            table.add(row(target));
        }
        table.print("", out);
        for (JsonNode hold : report.path("held_keys")) {
            out.println(
                    "left alone until "
                            + time(hold.path("until"))
                            + ": "
                            + hold.path("model").asText()
                            + (hold.path("key_id").isNull()
                                    ? ""
                                    : " under key " + hold.path("key_id").asText()));
        }
    }

    private static List<String> row(JsonNode target) {
        boolean model = target.path("model").isTextual();
        String name = model ? "  " + target.path("model").asText() : at(target, "provider");
        boolean asked = target.path("calls").asLong() > 0;
        return List.of(
                name,
                asked ? at(target, "state") : "not asked yet",
                time(target.path("until")),
                asked ? percent(target.path("share")) : NONE,
                asked ? at(target, "window_failed") + "/" + at(target, "window_ended") : NONE,
                asked ? percent(target.path("failure_share")) : NONE,
                asked ? at(target, "waiting") : NONE,
                waits(target.path("first_token_ms")),
                waits(target.path("whole_answer_ms")),
                number(target.path("token_ms")));
    }

    private static String at(JsonNode node, String name) {
        return node.path(name).asText();
    }

    private static String waits(JsonNode waits) {
        return waits.path("p50").isNumber() ? at(waits, "p50") + "/" + at(waits, "p95") : NONE;
    }

    /** The time of day; days do not matter here. */
    static String time(JsonNode instant) {
        String text = instant.asText();
        return instant.isTextual() ? text.substring(text.indexOf('T') + 1) : NONE;
    }

    static String percent(JsonNode share) {
        return share.isNumber() ? Math.round(share.asDouble() * 100) + "%" : NONE;
    }

    private static String number(JsonNode number) {
        return number.isNumber() ? "%.1f".formatted(number.asDouble()) : NONE;
    }
}

package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** How a request is planned, for people. */
final class ExplanationTable {
    private static final String NONE = "-";

    private ExplanationTable() {}

    /** Prints an explanation as the daemon gives it. */
    static void print(JsonNode told, PrintWriter out) {
        out.println(told.path("asked").asText() + by(told));
        out.println(
                "expected: "
                        + told.path("expected_input_tokens").asLong()
                        + " tokens in, "
                        + told.path("expected_output_tokens").asLong()
                        + " out"
                        + (told.path("expected_searches").asInt() > 0 ? ", a search" : "")
                        + (told.path("stream").asBoolean() ? ", streamed" : ""));
        if (!told.path("candidates").isEmpty()) {
            candidates(told).print("", out);
        }
        removed(told, "", out);
    }

    private static String by(JsonNode told) {
        JsonNode weights = told.path("weights");
        return switch (told.path("by").asText()) {
            case "weights" ->
                    ", weighed: cost × "
                            + weights.path("cost").asText()
                            + ", latency × "
                            + weights.path("latency").asText()
                            + ", reliability × "
                            + weights.path("reliability").asText();
            case "name" -> ", named";
            default -> told.path("candidates").size() > 1 ? ", in the order of its list" : "";
        };
    }

    private static Columns candidates(JsonNode told) {
        var table = new Columns("rlrrrrrrrrl");
        table.add(
                List.of(
                        "",
                        "candidate",
                        "score",
                        "cost",
                        "latency",
                        "reliability",
                        "usd",
                        "first ms",
                        "cached",
                        "failing",
                        "state"));
        int place = 0;
        for (JsonNode each : told.path("candidates")) {
            place++;
            table.add(
                    List.of(
                            Integer.toString(place),
                            each.path("model").asText(),
                            value(each.path("score")),
                            value(each.at("/terms/cost")),
                            value(each.at("/terms/latency")),
                            value(each.at("/terms/reliability")),
                            value(each.path("expected_usd")),
                            value(each.path("first_token_ms")),
                            HealthTable.percent(each.path("cached_share")),
                            HealthTable.percent(each.path("failure_share")),
                            state(each)));
        }
        return table;
    }

    static String value(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? NONE : value.asText();
    }

    /** Whether it takes part, and until when it or one of its keys does not. */
    static String state(JsonNode candidate) {
        List<String> words = new ArrayList<>();
        double share = candidate.path("share").asDouble();
        if (candidate.path("left_out_until").isTextual()) {
            words.add("left out until " + HealthTable.time(candidate.path("left_out_until")));
        } else if (candidate.path("probe_due").asBoolean()) {
            words.add("to be tried");
        } else if (share < 1) {
            words.add("share " + HealthTable.percent(candidate.path("share")));
        }
        for (JsonNode key : candidate.path("keys")) {
            if (key.path("held_until").isTextual()) {
                words.add(
                        "key "
                                + key.path("id").asText()
                                + " held until "
                                + HealthTable.time(key.path("held_until")));
            }
        }
        return words.isEmpty() ? "well" : String.join(", ", words);
    }

    /** Those that can't be asked, with the reason, one a line. */
    static void removed(JsonNode told, String indent, PrintWriter out) {
        for (JsonNode each : told.path("removed")) {
            out.println(
                    indent
                            + "left out: "
                            + each.path("model").asText()
                            + ": "
                            + each.path("why").asText());
        }
    }
}

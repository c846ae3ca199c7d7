package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/** Classes and aliases with their candidates, for people. */
final class RoutesTable {
    private RoutesTable() {}

    /** Prints the report as the admin socket gives it. */
    static void print(JsonNode report, PrintWriter out) {
        boolean first = true;
        for (JsonNode route : report.path("routes")) {
            if (!first) {
                out.println();
            }
            first = false;
            out.println(
                    route.path("name").asText()
                            + (route.path("by").asText().equals("weights")
                                    ? ", weighed"
                                    : ", in order"));
            if (!route.path("candidates").isEmpty()) {
                candidates(route).print("  ", out);
            }
            ExplanationTable.removed(route, "  ", out);
            if (route.path("candidates").isEmpty() && route.path("removed").isEmpty()) {
                out.println("  nobody: " + route.path("error").path("message").asText());
            }
        }
    }

    private static Columns candidates(JsonNode route) {
        var table = new Columns("rlrrrrl");
        table.add(List.of("", "candidate", "score", "usd in", "out", "first ms", "state"));
        int place = 0;
        for (JsonNode each : route.path("candidates")) {
            place++;
            table.add(
                    List.of(
                            Integer.toString(place),
                            each.path("model").asText(),
                            ExplanationTable.value(each.path("score")),
                            ExplanationTable.value(each.path("input_usd_per_million")),
                            ExplanationTable.value(each.path("output_usd_per_million")),
                            ExplanationTable.value(each.path("first_token_ms")),
                            ExplanationTable.state(each)));
        }
        return table;
    }
}

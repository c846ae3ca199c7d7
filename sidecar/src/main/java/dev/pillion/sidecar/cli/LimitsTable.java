package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The callers' budgets, for people. */
final class LimitsTable {
    private LimitsTable() {}

    /** Columns: callers to the left, numbers to the right, then when the day ends. */
    static void print(JsonNode limits, PrintWriter out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(
                List.of(
                        "caller",
                        "budget_usd",
                        "spent_usd",
                        "reserved_usd",
                        "refused",
                        "resets_at"));
        for (JsonNode row : limits.path("callers")) {
            List<String> cells = new ArrayList<>();
            for (String name : lines.getFirst()) {
                JsonNode value = row.path(name);
                cells.add(value.isNull() ? "none" : value.asText());
            }
            lines.add(cells);
        }
        for (List<String> cells : lines) {
            var line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                int column = i;
                int width = lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
                String padding = " ".repeat(width - cells.get(i).length());
                boolean left = i == 0 || i == cells.size() - 1;
                line.append(i == 0 ? "" : "  ");
                line.append(left ? cells.get(i) + padding : padding + cells.get(i));
            }
            out.println(line.toString().stripTrailing());
        }
        if (!limits.path("restored").asBoolean()) {
            out.println("(what was spent today before the start is still being read)");
        }
    }
}

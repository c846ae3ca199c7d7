package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A usage report for people, and for spreadsheets. */
final class UsageTable {
    private static final String TOTAL = "total";

    private final List<String> names;
    private final List<List<String>> rows = new ArrayList<>();
    private final int groups;

    /** The report as the admin socket gives it. */
    UsageTable(JsonNode report) {
        JsonNode total = report.path(TOTAL);
        JsonNode shape = report.path("rows").isEmpty() ? total : report.path("rows").path(0);
        names = shape.properties().stream().map(field -> field.getKey()).toList();
        groups = names.size() - total.size();
        for (JsonNode row : report.path("rows")) {
            rows.add(names.stream().map(name -> row.path(name).asText()).toList());
        }
        List<String> last = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String none = i == 0 ? TOTAL : "";
            last.add(i < groups ? none : total.path(names.get(i)).asText());
        }
        rows.add(last);
    }

    /** Columns: names to the left, numbers to the right; the total comes last. */
    void print(PrintWriter out) {
        int[] widths = names.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        line(names, widths, out);
        rows.forEach(row -> line(row, widths, out));
    }

    private void line(List<String> cells, int[] widths, PrintWriter out) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? "" : "  ");
            line.append(i < groups ? cells.get(i) + padding : padding + cells.get(i));
        }
        out.println(line.toString().stripTrailing());
    }

    /** Comma-separated values (RFC 4180) with a head; no total, which is a sum of the column. */
    void printCsv(PrintWriter out) {
        csv(names, out);
        rows.subList(0, rows.size() - 1).forEach(row -> csv(row, out));
    }

    private static void csv(List<String> cells, PrintWriter out) {
        List<String> quoted = new ArrayList<>();
        for (String cell : cells) {
            boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c < ' ');
            quoted.add(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
        }
        out.print(String.join(",", quoted) + "\r\n");
    }
}

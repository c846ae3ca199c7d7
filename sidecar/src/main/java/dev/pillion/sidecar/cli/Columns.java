package dev.pillion.sidecar.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lines of cells that stand under each other. */
final class Columns {
    private static final char LEFT = 'l';

    private final String sides;
    private final List<List<String>> lines = new ArrayList<>();

    /**
     * @param sides for each column {@code l} or {@code r}: where its cells stand
     */
    Columns(String sides) {
        this.sides = sides;
    }

    void add(List<String> cells) {
        lines.add(List.copyOf(cells));
    }

    void print(String indent, PrintWriter out) {
        int[] widths = new int[sides.length()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            var text = new StringBuilder(indent);
            for (int i = 0; i < widths.length; i++) {
                String cell = line.get(i);
                String padding = " ".repeat(widths[i] - cell.length());
                text.append(i == 0 ? "" : "  ");
                text.append(sides.charAt(i) == LEFT ? cell + padding : padding + cell);
            }
            out.println(text.toString().stripTrailing());
        }
    }
}

package dev.pillion.sidecar.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the known spellings nearest to a wrong one, for "did you mean". */
public final class Nearest {
    private static final int LONGEST_COMPARED_CHARS = 200;

    private Nearest() {}

    private record Scored(String name, int distance) {}

    /** The nearest candidate in quotes if it is near enough to be a slip of the hand, else null. */
    static @Nullable String hint(String wrong, Collection<String> candidates) {
        int reach = Math.max(2, wrong.length() / 3);
        var best = among(wrong, candidates, 1);
        return !best.isEmpty() && distance(wrong, best.getFirst()) <= reach
                ? "'" + best.getFirst() + "'"
                : null;
    }

    /** The {@code count} nearest candidates, nearest first, however far they are. */
    public static List<String> among(String wrong, Collection<String> candidates, int count) {
        return candidates.stream()
                .distinct()
                .map(c -> new Scored(c, distance(wrong, c)))
                .sorted(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
                .limit(count)
                .map(Scored::name)
                .toList();
    }

    /**
     * Damerau-Levenshtein distance (optimal string alignment), case ignored: the number of letters
     * to add, drop, replace or swap with their neighbour.
     */
    static int distance(String a, String b) {
        String x = fold(a);
        String y = fold(b);
        int[] before = new int[y.length() + 1];
        int[] last = new int[y.length() + 1];
        int[] row = new int[y.length() + 1];
        for (int j = 0; j <= y.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= x.length(); i++) {
            fillRow(x, y, i, before, last, row);
            int[] spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[y.length()];
    }

    private static void fillRow(String x, String y, int i, int[] before, int[] last, int[] row) {
        row[0] = i;
        for (int j = 1; j <= y.length(); j++) {
            boolean same = x.charAt(i - 1) == y.charAt(j - 1);
            int best = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
            if (i > 1
                    && j > 1
                    && x.charAt(i - 1) == y.charAt(j - 2)
                    && x.charAt(i - 2) == y.charAt(j - 1)) {
                best = Math.min(best, before[j - 2] + 1);
            }
            row[j] = best;
        }
    }

    private static String fold(String s) {
        String lower = s.toLowerCase(Locale.ROOT);
        return lower.length() > LONGEST_COMPARED_CHARS
                ? lower.substring(0, LONGEST_COMPARED_CHARS)
                : lower;
    }
}

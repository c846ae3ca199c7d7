package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Short forms of values for messages. */
final class Shown {
    private static final int MAX_CHARS = 40;

    private Shown() {}

    static String text(String value) {
        String plain = value.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= MAX_CHARS ? plain : plain.substring(0, MAX_CHARS) + "…";
    }

    static String number(JsonNode value) {
        return text(value.asText());
    }

    /** The name at most two edits away that is nearest; null: none. */
    static @Nullable String nearest(String name, Collection<String> names) {
        String best = null;
        int least = 3;
        for (String each : names) {
            int distance = distance(name, each);
            if (distance < least) {
                least = distance;
                best = each;
            }
        }
        return best;
    }

    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 2 || a.length() > MAX_CHARS) {
            return Integer.MAX_VALUE;
        }
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], above[j]) + 1, above[j - 1] + same);
            }
            above = row;
        }
        return above[b.length()];
    }
}

package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a simulated model makes of a prompt's words: simple rules, always the same answer. */
public final class Wording {
    private static final Pattern SEVERAL =
            Pattern.compile(
                    "\\b(parallel|both|two|each|respectively)\\b", Pattern.CASE_INSENSITIVE);
    private static final int MAX_QUOTED_CODE_POINTS = 240;
    private static final int MAX_CALLS = 4;

    private Wording() {}

    /** Whether the text asks for a tool: by its name, or by one of its required properties. */
    public static boolean asksFor(String text, String tool, JsonNode schema) {
        var lower = text.toLowerCase(Locale.ROOT);
        var name = tool.toLowerCase(Locale.ROOT);
        if (lower.contains(name) || lower.contains(name.replace('_', ' '))) {
            return true;
        }
        for (var required : schema.path("required")) {
            var word = required.asText().toLowerCase(Locale.ROOT).replace('_', ' ');
            if (Pattern.compile("\\b" + Pattern.quote(word) + "\\b").matcher(lower).find()) {
                return true;
            }
        }
        return false;
    }

    /** The arguments of each call that the text asks for; one unless it asks for several. */
    public static List<JsonNode> calls(String text, JsonNode schema, boolean parallel) {
        var hints = Hints.of(text);
        int several = Math.clamp(hints.words().size(), 2, MAX_CALLS);
        int count = parallel && SEVERAL.matcher(text).find() ? several : 1;
        var calls = new ArrayList<JsonNode>();
        for (int i = 0; i < count; i++) {
            calls.add(Instances.of(schema, hints.startingAt(i)));
        }
        return calls;
    }

    /** An answer that quotes what was asked. */
    public static String reply(String text) {
        var asked = text.strip().replace('\n', ' ');
        return asked.isEmpty()
                ? "You sent no text, and this is the answer to it."
                : "You asked: “" + shorten(asked) + "” This is the simulated answer to it.";
    }

    /** An answer that quotes what the tools said. */
    public static String replyToResults(List<String> results) {
        var quoted = results.stream().map(result -> "“" + shorten(result.strip()) + "”").toList();
        return "The tools answered " + String.join(" and ", quoted) + ". That settles it.";
    }

    /** At most so many code points, never half a character. */
    public static String shorten(String text) {
        return text.codePointCount(0, text.length()) <= MAX_QUOTED_CODE_POINTS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_QUOTED_CODE_POINTS)) + "…";
    }

    /** The text repeated until it is at least so long. */
    public static String stretch(String text, int bytes) {
        return bytes <= text.length() ? text : text.repeat(bytes / text.length() + 1);
    }

    /** Pieces as a model's stream brings them: words with the blank before them. */
    public static List<String> pieces(String text) {
        int longest = Math.max(24, text.length() / 4_000);
        var pieces = new ArrayList<String>();
        int start = 0;
        for (int i = 1; i < text.length(); i++) {
            boolean wordStarts = text.charAt(i) == ' ' && text.charAt(i - 1) != ' ';
            boolean full = i - start >= longest && !Character.isLowSurrogate(text.charAt(i));
            if ((wordStarts && i - start >= longest / 4) || full) {
                pieces.add(text.substring(start, i));
                start = i;
            }
        }
        if (start < text.length()) {
            pieces.add(text.substring(start));
        }
        return pieces;
    }
}

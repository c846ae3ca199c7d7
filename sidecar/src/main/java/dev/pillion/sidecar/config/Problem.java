package dev.pillion.sidecar.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a configuration: where, what, what was expected. Never holds a secret.
 *
 * @param path the place in the document, such as {@code providers.openai.keys[0].weight}
 * @param what the offending value as it may be shown, or what is the matter ({@code missing})
 * @param expected what would have been right; null where {@code what} says it all
 * @param didYouMean the nearest right spellings, nearest first, for a reader to choose from
 * @param line line in the text, from 1; 0 when there is no text behind it
 */
public record Problem(
        String path,
        String what,
        @Nullable String expected,
        @Nullable String didYouMean,
        int line) {

    /** The place that a problem of the document as a whole names. */
    public static final String DOCUMENT = "(document)";

    static Problem of(String path, String what, String expected, int line) {
        return new Problem(path, what, expected, null, line);
    }

    static Problem plain(String path, String what, int line) {
        return new Problem(path, what, null, null, line);
    }

    /** One line for people: {@code limits.rpm: -3 (expected: >= 1)}. */
    public String text() {
        var text = new StringBuilder(path.isEmpty() ? DOCUMENT : path).append(": ").append(what);
        if (expected != null) {
            text.append(" (expected: ").append(expected).append(')');
        }
        if (didYouMean != null) {
            text.append(", did you mean ").append(didYouMean).append('?');
        }
        return text.toString();
    }

    /** The same with the file and, where known, the line before it. */
    public String text(String file) {
        return line > 0 ? file + ":" + line + ": " + text() : file + ": " + text();
    }
}

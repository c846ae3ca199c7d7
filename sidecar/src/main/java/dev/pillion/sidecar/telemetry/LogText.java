package dev.pillion.sidecar.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Makes text that others chose harmless in a line of a log: no control characters (those of C1
 * among them, which terminals may obey), no marks that reorder what is read, no half surrogates,
 * which are no UTF-8, and no more of it than the bound.
 */
final class LogText {
    private static final char REPLACEMENT = '\uFFFD';

    private LogText() {}

    /** The text itself where it is harmless already, which is nearly always. */
    static String clean(String text, int maxChars) {
        int length = Math.min(text.length(), maxChars);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return cleaned(text, length);
            }
        }
        return length == text.length() ? text : text.substring(0, length) + "…";
    }

    static @Nullable String cleanOrNull(@Nullable String text, int maxChars) {
        return text == null ? null : clean(text, maxChars);
    }

    private static String cleaned(String text, int length) {
        var clean = new StringBuilder(length + 1);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (isPair(text, i, length)) {
                clean.append(c).append(text.charAt(++i));
            } else if (c == '\n' || c == '\r' || c == '\t') {
                clean.append(' ');
            } else {
                clean.append(isHarmful(c) ? REPLACEMENT : c);
            }
        }
        return length == text.length() ? clean.toString() : clean.append('…').toString();
    }

    private static boolean isPair(String text, int at, int length) {
        return at + 1 < length
                && Character.isHighSurrogate(text.charAt(at))
                && Character.isLowSurrogate(text.charAt(at + 1));
    }

    private static boolean isHarmful(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}

package dev.pillion.sidecar.config;

import java.util.regex.Pattern;

/** How a value of a document may be shown in a message: short, on one line, and never a secret. */
final class Shown {
    private static final int LONGEST_SHOWN_CHARS = 80;
    private static final Pattern KEY_PREFIX =
            Pattern.compile("(?i)(^|[^a-z])(sk-|sk_|xai-|aiza|bearer |ghp_|pk-|rk-|eyj)");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9+=]{16,}");
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern LETTER = Pattern.compile("[A-Za-z]");
    private static final Pattern DIGIT = Pattern.compile("[0-9]");

    private Shown() {}

    static String of(Node node) {
        return switch (node) {
            case Node.Scalar s when s.isNull() -> "null";
            case Node.Scalar s -> of(s.text());
            case Node.Items i -> "a list";
            case Node.Entries e -> "a mapping";
        };
    }

    static String of(String text) {
        if (looksSecret(text)) {
            return hidden(text);
        }
        String line = text.replaceAll("\\p{Cntrl}", "?");
        String shown =
                line.length() > LONGEST_SHOWN_CHARS
                        ? line.substring(0, LONGEST_SHOWN_CHARS) + "…"
                        : line;
        return shown.isBlank() ? "'" + shown + "'" : shown;
    }

    static String hidden(String text) {
        return "(hidden, " + text.length() + " characters)";
    }

    /** Rather hides too much: a vendor key's prefix, credentials in an address, a long token. */
    static boolean looksSecret(String text) {
        if (KEY_PREFIX.matcher(text).find()
                || UUID.matcher(text).find()
                || text.matches("(?s).*://[^/]*@.*")) {
            return true;
        }
        return TOKEN.matcher(text)
                .results()
                .map(run -> run.group())
                .anyMatch(run -> LETTER.matcher(run).find() && DIGIT.matcher(run).find());
    }
}

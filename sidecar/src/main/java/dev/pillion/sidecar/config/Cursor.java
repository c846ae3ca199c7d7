package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place in a document: its path, its node, and where problems go. A method that reads a scalar
 * reports what is wrong and gives null; so reading goes on, and all problems come together.
 */
final class Cursor {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?[0-9]{1,18}(\\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?");

    private static final Pattern NEAR_KEYS =
            Pattern.compile("providers\\.[^.]+|providers\\.[^.]+\\.keys.*|websearch.*\\.key.*");

    private static final Pattern TIME = Pattern.compile("[-0-9T:.Z+]+");
    private static final int MAX_WORD_CHARS = 12;

    private final String path;
    private final Node node;
    private final int line;
    private final Problems problems;

    Cursor(String path, Node node, int line, Problems problems) {
        this.path = path;
        this.node = node;
        this.line = line;
        this.problems = problems;
    }

    String path() {
        return path;
    }

    int line() {
        return line;
    }

    Node node() {
        return node;
    }

    Problems problems() {
        return problems;
    }

    /** Reports this value as wrong, showing it if it is fit to be shown. */
    void wrong(String expected) {
        problems.add(this, shown(), expected);
    }

    void wrong(String expected, @Nullable String didYouMean) {
        problems.add(this, shown(), expected, didYouMean);
    }

    /** Where keys stand, any word may be one that has slipped: short ones are none. */
    private String shown() {
        if (node instanceof Node.Scalar s && NEAR_KEYS.matcher(path).matches()) {
            String text = s.text();
            boolean harmless = text.length() <= MAX_WORD_CHARS || TIME.matcher(text).matches();
            return harmless ? Shown.of(node) : Shown.hidden(text);
        }
        return Shown.of(node);
    }

    Cursor member(Node.Entry entry) {
        boolean plain = PLAIN.matcher(entry.key()).matches() && !Shown.looksSecret(entry.key());
        String step = plain ? entry.key() : quote(entry.key());
        String at = path.isEmpty() ? step : path + "." + step;
        return new Cursor(at, entry.value(), entry.line(), problems);
    }

    private static String quote(String key) {
        return "'" + Shown.of(key) + "'";
    }

    /** The elements of a list; empty, with a problem, when this is none. */
    List<Cursor> items() {
        if (!(node instanceof Node.Items items)) {
            wrong("a list");
            return List.of();
        }
        var all = new ArrayList<Cursor>();
        for (Node item : items.items()) {
            String at = path + "[" + all.size() + "]";
            all.add(new Cursor(at, item, item.line(), problems));
        }
        return all;
    }

    /** The named members of a mapping whose names are free; each name once. */
    List<Node.Entry> entries() {
        if (!(node instanceof Node.Entries entries)) {
            wrong("a mapping");
            return List.of();
        }
        var seen = new LinkedHashSet<String>();
        var all = new ArrayList<Node.Entry>();
        for (Node.Entry entry : entries.entries()) {
            if (seen.add(entry.key())) {
                all.add(entry);
            } else {
                Cursor at = member(entry);
                problems.add(Problem.plain(at.path(), "duplicate key", at.line()));
            }
        }
        return all;
    }

    @Nullable String text() {
        if (node instanceof Node.Scalar s && s.kind() == Node.Kind.TEXT && !s.text().isEmpty()) {
            return s.text();
        }
        boolean bare = node instanceof Node.Scalar s && s.kind() != Node.Kind.TEXT;
        wrong(bare && !node.isNull() ? "text, so put it in quotes" : "text");
        return null;
    }

    @Nullable Long integer(long min, long max) {
        BigDecimal number = decimal();
        if (number == null) {
            wrong("a whole number " + range(min, max));
            return null;
        }
        boolean whole = number.stripTrailingZeros().scale() <= 0;
        if (!whole
                || number.compareTo(BigDecimal.valueOf(min)) < 0
                || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            wrong(whole ? range(min, max) : "a whole number " + range(min, max));
            return null;
        }
        return number.longValueExact();
    }

    private static String range(long min, long max) {
        return max == Long.MAX_VALUE ? ">= " + min : min + " to " + max;
    }

    /** An amount of money or a weight: decimal, never negative. */
    @Nullable BigDecimal amount() {
        BigDecimal number = decimal();
        if (number == null || number.signum() < 0 || number.scale() > 12) {
            wrong("a decimal number >= 0");
            return null;
        }
        return number;
    }

    private @Nullable BigDecimal decimal() {
        if (!(node instanceof Node.Scalar s)
                || s.kind() != Node.Kind.NUMBER
                || !DECIMAL.matcher(s.text()).matches()) {
            return null;
        }
        return new BigDecimal(s.text());
    }

    @Nullable Boolean flag() {
        if (node instanceof Node.Scalar s && s.kind() == Node.Kind.BOOLEAN) {
            return Boolean.valueOf(s.text());
        }
        wrong("true or false");
        return null;
    }

    /** One of an enum's names in lower case. */
    <E extends Enum<E>> @Nullable E word(Class<E> type) {
        String text = node instanceof Node.Scalar s ? s.text() : "";
        for (E value : type.getEnumConstants()) {
            if (word(value).equals(text)) {
                return value;
            }
        }
        List<String> words = words(type);
        wrong(oneOf(words), text.isEmpty() ? null : Nearest.hint(text, words));
        return null;
    }

    <E extends Enum<E>> Set<E> wordSet(Class<E> type) {
        var all = new LinkedHashSet<E>();
        for (Cursor item : items()) {
            E value = item.word(type);
            if (value != null && !all.add(value)) {
                problems.add(Problem.plain(item.path(), word(value) + " is there twice", line));
            }
        }
        return all;
    }

    List<String> texts() {
        var all = new ArrayList<String>();
        for (Cursor item : items()) {
            String text = item.text();
            if (text != null) {
                all.add(text);
            }
        }
        return all;
    }

    static <E extends Enum<E>> String word(E value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> List<String> words(Class<E> type) {
        return Stream.of(type.getEnumConstants()).map(Cursor::word).toList();
    }

    static String oneOf(List<String> words) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}

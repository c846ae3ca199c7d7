package dev.pillion.sidecar.simulate.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a text offers for arguments: quoted strings, then names (words with a capital that do not
 * open a sentence), and numbers. Deterministic; every list is bounded.
 */
public final class Hints {
    private static final Pattern QUOTED = Pattern.compile("[\"“«„']([^\"”»“']{1,80})[\"”»“']");
    private static final Pattern NAME =
            Pattern.compile(
                    "(?<![.!?]\\s|^)\\b(\\p{Lu}[\\p{L}\\p{M}-]+(?: \\p{Lu}[\\p{L}-]+){0,2})");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(?:\\.\\d{1,6})?");
    private static final Set<String> COMMON =
            Set.of("i", "call", "use", "please", "json", "the", "what", "celsius", "fahrenheit");
    private static final int MAX = 16;

    private final List<String> words;
    private final List<String> numbers;

    private Hints(List<String> words, List<String> numbers) {
        this.words = words;
        this.numbers = numbers;
    }

    public static Hints of(String text) {
        var start = text.substring(0, Math.min(text.length(), 4_000));
        var words = new ArrayList<String>();
        collect(QUOTED, start, 1, words);
        collect(NAME, start, 1, words);
        words.removeIf(word -> COMMON.contains(word.toLowerCase(Locale.ROOT)));
        var numbers = new ArrayList<String>();
        collect(NUMBER, start, 0, numbers);
        return new Hints(words, numbers);
    }

    private static void collect(Pattern pattern, String text, int group, List<String> into) {
        var matcher = pattern.matcher(text);
        while (matcher.find() && into.size() < MAX) {
            var found = matcher.group(group).strip();
            if (!found.isEmpty() && !into.contains(found)) {
                into.add(found);
            }
        }
    }

    public List<String> words() {
        return words;
    }

    /** The same hints, with the word at {@code index} moved to the front. */
    public Hints startingAt(int index) {
        if (index <= 0 || index >= words.size()) {
            return this;
        }
        var turned = new ArrayList<>(words.subList(index, words.size()));
        turned.addAll(words.subList(0, index));
        return new Hints(turned, numbers);
    }

    String word(int index, String otherwise) {
        return index < words.size() ? words.get(index) : otherwise;
    }

    double number(int index, double otherwise) {
        return index < numbers.size() ? Double.parseDouble(numbers.get(index)) : otherwise;
    }
}

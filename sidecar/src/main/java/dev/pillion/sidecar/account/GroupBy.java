package dev.pillion.sidecar.account;

import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One field that entries are summed by.
 *
 * @param field its name in a row
 */
public record GroupBy(String field, Function<Entry, @Nullable String> reading) {
    private static final String TAG = "tag:";
    private static final String NONE = "(none)";
    private static final GroupBy PROVIDER = new GroupBy("provider", Entry::provider);

    /** All that can be said. */
    public static final String EXPECTED = "caller, model, provider, key, tag:NAME, hour or day";

    String of(Entry entry) {
        String value = reading.apply(entry);
        return value == null ? NONE : value;
    }

    /**
     * One or more words, separated by commas. Models and keys are told apart by their provider too.
     *
     * @throws IllegalArgumentException naming the word that is none
     */
    public static List<GroupBy> parse(String words) {
        Map<String, GroupBy> fields = new LinkedHashMap<>();
        for (String word : words.split(",", -1)) {
            for (GroupBy field : fields(word.strip())) {
                fields.putIfAbsent(field.field(), field);
            }
        }
        return List.copyOf(fields.values());
    }

    private static List<GroupBy> fields(String word) {
        if (word.startsWith(TAG) && word.length() > TAG.length()) {
            String name = word.substring(TAG.length());
            return List.of(new GroupBy(word, entry -> entry.tags().get(name)));
        }
        return switch (word) {
            case "caller" -> List.of(new GroupBy(word, Entry::caller));
            case "provider" -> List.of(PROVIDER);
            case "model" -> List.of(PROVIDER, new GroupBy(word, Entry::model));
            case "key" -> List.of(PROVIDER, new GroupBy(word, Entry::keyId));
            case "hour" -> List.of(new GroupBy(word, entry -> start(entry, ChronoUnit.HOURS)));
            case "day" -> List.of(new GroupBy(word, entry -> start(entry, ChronoUnit.DAYS)));
            default ->
                    throw new IllegalArgumentException(
                            "by: '" + word + "' (expected: " + EXPECTED + ")");
        };
    }

    /** The UTC hour ({@code 2026-11-22T14:00:00Z}) or day ({@code 2026-11-22}) of an entry. */
    private static String start(Entry entry, ChronoUnit unit) {
        String instant = entry.ts().truncatedTo(unit).toString();
        return unit == ChronoUnit.DAYS ? instant.substring(0, "2026-11-22".length()) : instant;
    }
}

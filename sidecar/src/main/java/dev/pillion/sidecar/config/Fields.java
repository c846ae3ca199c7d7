package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping opened with its {@link Shape}: unknown and repeated keys are reported at once, and each
 * getter gives the value, or what stands for a missing or wrong one.
 */
final class Fields {
    private final Cursor at;
    private final Shape shape;
    private final Map<String, Cursor> members = new LinkedHashMap<>();

    private Fields(Cursor at, Shape shape) {
        this.at = at;
        this.shape = shape;
    }

    static Fields of(Cursor at, Shape shape) {
        var fields = new Fields(at, shape);
        if (at.node().isNull()) {
            return fields;
        }
        for (Node.Entry entry : at.entries()) {
            fields.accept(entry);
        }
        return fields;
    }

    private void accept(Node.Entry entry) {
        Cursor member = at.member(entry);
        if (!shape.keys().contains(entry.key())) {
            String hint = Nearest.hint(entry.key(), shape.keys());
            String expected = hint == null ? Cursor.oneOf(shape.keys()) : null;
            at.problems()
                    .add(new Problem(member.path(), "unknown key", expected, hint, entry.line()));
            return;
        }
        String pattern = shape.pattern(entry.key());
        if (Pending.KEYS.contains(pattern)) {
            at.problems().pending(pattern);
        }
        if (!entry.value().isNull()) {
            members.put(entry.key(), member);
        }
    }

    Cursor at() {
        return at;
    }

    /** The value of a key, or null when it is missing or null. */
    @Nullable Cursor get(String key) {
        if (!shape.keys().contains(key)) {
            throw new IllegalArgumentException("no key " + key + " in " + shape);
        }
        return members.get(key);
    }

    /** The same, and a problem when it is missing. */
    @Nullable Cursor need(String key, String expected) {
        Cursor member = get(key);
        if (member == null) {
            String path = at.path().isEmpty() ? key : at.path() + "." + key;
            at.problems().add(Problem.of(path, "missing", expected, at.line()));
        }
        return member;
    }

    /** A mapping of a known shape; empty when the key is missing. */
    Fields open(String key, Shape inner) {
        Cursor member = get(key);
        return member == null ? new Fields(at, inner) : of(member, inner);
    }

    @Nullable String text(String key) {
        Cursor member = get(key);
        return member == null ? null : member.text();
    }

    @Nullable Long integer(String key, long min, long max) {
        Cursor member = get(key);
        return member == null ? null : member.integer(min, max);
    }

    int integer(String key, int fallback, int min, int max) {
        Long value = integer(key, min, max);
        return value == null ? fallback : value.intValue();
    }

    @Nullable BigDecimal amount(String key) {
        Cursor member = get(key);
        return member == null ? null : member.amount();
    }

    BigDecimal amount(String key, BigDecimal fallback) {
        BigDecimal value = amount(key);
        return value == null ? fallback : value;
    }

    boolean flag(String key, boolean fallback) {
        Cursor member = get(key);
        Boolean value = member == null ? null : member.flag();
        return value == null ? fallback : value;
    }

    Duration duration(String key, Duration fallback) {
        Cursor member = get(key);
        Duration value = member == null ? null : Times.duration(member);
        return value == null ? fallback : value;
    }

    @Nullable Instant instant(String key) {
        Cursor member = get(key);
        return member == null ? null : Times.instant(member);
    }

    @Nullable LocalDate date(String key) {
        Cursor member = get(key);
        return member == null ? null : Times.date(member);
    }

    <E extends Enum<E>> @Nullable E word(String key, Class<E> type) {
        Cursor member = get(key);
        return member == null ? null : member.word(type);
    }

    <E extends Enum<E>> E word(String key, Class<E> type, E fallback) {
        E value = word(key, type);
        return value == null ? fallback : value;
    }

    <E extends Enum<E>> Set<E> words(String key, Class<E> type, Set<E> fallback) {
        Cursor member = get(key);
        return member == null ? fallback : member.wordSet(type);
    }

    List<Cursor> items(String key) {
        Cursor member = get(key);
        return member == null ? List.of() : member.items();
    }

    /** The members of a mapping whose names are free. */
    List<Named> members(String key) {
        Cursor member = get(key);
        return member == null
                ? List.of()
                : member.entries().stream()
                        .map(entry -> new Named(entry.key(), member.member(entry)))
                        .toList();
    }

    /** A member of a mapping whose names are free. */
    record Named(String name, Cursor at) {}
}

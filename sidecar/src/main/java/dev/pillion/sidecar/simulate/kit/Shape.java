package dev.pillion.sidecar.simulate.kit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a JSON value has to look like; a vendor's request format is one such value, as data. */
public sealed interface Shape {
    /** A string; lengths in UTF-16 units. */
    record Text(int minChars, int maxChars, @Nullable Pattern pattern) implements Shape {}

    /** One of these strings. */
    record Choice(List<String> values) implements Shape {}

    /** A number without a fraction. */
    record Whole(long min, long max) implements Shape {}

    record Decimal(double min, double max) implements Shape {}

    record Flag() implements Shape {}

    record AnyObject() implements Shape {}

    record AnyValue() implements Shape {}

    record Items(Shape item, int min, int max) implements Shape {}

    /** An object of these fields and no others. */
    record Fields(Map<String, Field> fields) implements Shape {
        public Fields must(String name, Shape shape) {
            return with(name, new Field(shape, true));
        }

        public Fields may(String name, Shape shape) {
            return with(name, new Field(shape, false));
        }

        private Fields with(String name, Field field) {
            var more = new LinkedHashMap<>(fields);
            more.put(name, field);
            return new Fields(more);
        }
    }

    /** A field of an object. */
    record Field(Shape shape, boolean required) {}

    /** An object whose field {@code tag} says which of the variants it is; without it: untagged. */
    record Tagged(String tag, Map<String, Shape> variants, @Nullable Shape untagged)
            implements Shape {}

    /** The first of the options that takes this kind of JSON value. */
    record ByKind(List<Shape> options) implements Shape {}

    record OrNull(Shape shape) implements Shape {}

    Shape TEXT = new Text(0, Integer.MAX_VALUE, null);
    Shape FILLED = new Text(1, Integer.MAX_VALUE, null);
    Shape FLAG = new Flag();
    Shape OBJECT = new AnyObject();
    Shape ANY = new AnyValue();
    Shape COUNT = new Whole(0, Integer.MAX_VALUE);
    Fields EMPTY = new Fields(Map.of());

    static Shape choice(String... values) {
        return new Choice(List.of(values));
    }

    static Shape matching(String regex, int maxChars) {
        return new Text(1, maxChars, Pattern.compile(regex));
    }

    static Shape items(Shape item) {
        return new Items(item, 0, 100_000);
    }

    static Shape items(Shape item, int min, int max) {
        return new Items(item, min, max);
    }

    static Shape orNull(Shape shape) {
        return new OrNull(shape);
    }

    static Shape either(Shape... options) {
        return new ByKind(List.of(options));
    }

    static Fields must(String name, Shape shape) {
        return EMPTY.must(name, shape);
    }

    static Fields may(String name, Shape shape) {
        return EMPTY.may(name, shape);
    }

    /** An object that starts with {@code "type": TYPE}. */
    static Fields typed(String type) {
        return EMPTY.must("type", choice(type));
    }
}

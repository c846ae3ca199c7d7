package dev.pillion.protocol.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** HTTP header fields in order; names are lower case, and looked up without regard to case. */
public final class Headers {
    public static final Headers NONE = new Headers(List.of());

    /** One field. */
    public record Field(String name, String value) {}

    private final List<Field> fields;

    private Headers(List<Field> fields) {
        this.fields = fields;
    }

    /** Pairs of name and value. */
    public static Headers of(String... pairs) {
        var builder = builder();
        for (int i = 0; i < pairs.length; i += 2) {
            builder.add(pairs[i], pairs[i + 1]);
        }
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public List<Field> fields() {
        return fields;
    }

    /** The first value of that name. */
    public @Nullable String get(String name) {
        for (Field field : fields) {
            if (field.name.equalsIgnoreCase(name)) {
                return field.value;
            }
        }
        return null;
    }

    /** All values of that name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (Field field : fields) {
            if (field.name.equalsIgnoreCase(name)) {
                values.add(field.value);
            }
        }
        return values;
    }

    public Headers plus(Headers more) {
        if (more.fields.isEmpty()) {
            return this;
        }
        List<Field> all = new ArrayList<>(fields);
        all.addAll(more.fields);
        return new Headers(List.copyOf(all));
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return fields.stream().map(Field::name).toList().toString();
    }

    /** Collects fields. */
    public static final class Builder {
        private final List<Field> fields = new ArrayList<>();

        public Builder add(String name, String value) {
            fields.add(new Field(name.toLowerCase(Locale.ROOT), value));
            return this;
        }

        public Headers build() {
            return fields.isEmpty() ? NONE : new Headers(List.copyOf(fields));
        }
    }
}

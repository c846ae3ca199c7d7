package dev.pillion.protocol.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** HTTP header fields in order; names are lower case, and looked up without regard to case. */
public final class Headers {
    public static final Headers NONE = new Headers(List.of());

    /** One field. */
    public record Field(String name, String value) {}

    /** As many as most heads have. */
    private static final int FIELDS = 16;

    private final List<Field> fields;

    private Headers(List<Field> fields) {
        this.fields = fields;
    }

    /** Pairs of name and value. */
    public static Headers of(String... pairs) {
        var builder = builder(pairs.length / 2);
        for (int i = 0; i < pairs.length; i += 2) {
            builder.add(pairs[i], pairs[i + 1]);
        }
        return builder.build();
    }

    public static Builder builder() {
        return new Builder(FIELDS);
    }

    /** For about so many fields. */
    public static Builder builder(int fields) {
        return new Builder(fields);
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
        List<Field> all = new ArrayList<>(fields.size() + more.fields.size());
        all.addAll(fields);
        all.addAll(more.fields);
        return new Headers(Collections.unmodifiableList(all));
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return fields.stream().map(Field::name).toList().toString();
    }

    /** Collects fields. */
    public static final class Builder {
        private List<Field> fields;
        private boolean built;

        private Builder(int count) {
            fields = new ArrayList<>(count);
        }

        public Builder add(String name, String value) {
            return add(new Field(name.toLowerCase(Locale.ROOT), value));
        }

        /** Adds a field whose name is in lower case. */
        public Builder add(Field field) {
            if (built) {
                fields = new ArrayList<>(fields); // The headers made of it stay as they are.
                built = false;
            }
            fields.add(field);
            return this;
        }

        /** Whether there is a field of that name, which is in lower case. */
        public boolean has(String name) {
            for (Field field : fields) {
                if (field.name.equals(name)) {
                    return true;
                }
            }
            return false;
        }

        public Headers build() {
            if (fields.isEmpty()) {
                return NONE;
            }
            built = true;
            return new Headers(Collections.unmodifiableList(fields));
        }
    }
}

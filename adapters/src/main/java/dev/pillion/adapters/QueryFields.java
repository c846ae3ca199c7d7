package dev.pillion.adapters;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.UrlText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a URL's query, decoded, in their order. */
public final class QueryFields {
    private record Field(String name, String value) {}

    private final List<Field> fields = new ArrayList<>();

    private QueryFields() {}

    /**
     * Reads a query.
     *
     * @param query raw, without the question mark; null: there is none
     * @throws FaultException {@code invalid_request} for one that is not well encoded
     */
    public static QueryFields of(@Nullable String query) {
        var all = new QueryFields();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = UrlText.decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : plusDecoded(pair.substring(equals + 1));
            if (name == null || value == null) {
                throw Fault.invalid(
                                "the query is not well percent-encoded (expected: %XX of UTF-8)",
                                null)
                        .asException();
            }
            all.fields.add(new Field(name, value));
        }
        return all;
    }

    private static @Nullable String plusDecoded(String value) {
        return UrlText.decoded(value.replace('+', ' '));
    }

    /** The first value of the first of the names that is there and not empty; null: none is. */
    public @Nullable String first(String... names) {
        for (String name : names) {
            for (Field field : fields) {
                if (field.name().equals(name) && !field.value().isEmpty()) {
                    return field.value();
                }
            }
        }
        return null;
    }

    /** All values of the name, as {@code name=a&name=b} or {@code name[]=a&name[]=b}. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(f -> f.name().equals(name) || f.name().equals(name + "[]"))
                .map(Field::value)
                .toList();
    }

    /**
     * A whole number from 0 on.
     *
     * @param otherwise where no such field is there
     * @throws FaultException {@code invalid_request} naming the field
     */
    public int number(int otherwise, String... names) {
        String value = first(names);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("[0-9]{1,9}")) {
            throw Fault.invalid(names[0] + ": not a count (expected: a whole number)", null)
                    .asException();
        }
        return Integer.parseInt(value);
    }
}

package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads fields of a client's request strictly; null means absent. Errors name the place. */
final class Fields {
    private Fields() {}

    static FaultException bad(String pointer, String found, String expected) {
        return Fault.invalid(pointer + ": " + found + " (expected: " + expected + ")", pointer)
                .asException();
    }

    private static FaultException bad(String pointer, JsonNode found, String expected) {
        return bad(
                pointer,
                "a JSON " + found.getNodeType().toString().toLowerCase(Locale.ROOT),
                expected);
    }

    static @Nullable JsonNode present(ObjectNode object, String field) {
        JsonNode value = object.get(field);
        return value == null || value.isNull() ? null : value;
    }

    static @Nullable String text(ObjectNode object, String field, String pointer) {
        JsonNode value = present(object, field);
        if (value != null && !value.isTextual()) {
            throw bad(pointer + "/" + field, value, "a string");
        }
        return value == null ? null : value.asText();
    }

    static String requiredText(ObjectNode object, String field, String pointer) {
        String value = text(object, field, pointer);
        if (value == null) {
            throw bad(pointer + "/" + field, "missing", "a string");
        }
        return value;
    }

    static @Nullable Boolean bool(ObjectNode object, String field, String pointer) {
        JsonNode value = present(object, field);
        if (value != null && !value.isBoolean()) {
            throw bad(pointer + "/" + field, value, "true or false");
        }
        return value == null ? null : value.booleanValue();
    }

    /** A whole number of at least the given size. */
    static @Nullable Integer integer(ObjectNode object, String field, String pointer, int least) {
        JsonNode value = present(object, field);
        if (value == null) {
            return null;
        }
        boolean fits =
                value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToInt();
        if (!fits || value.intValue() < least) {
            throw bad(
                    pointer + "/" + field,
                    value.isNumber() ? value.asText() : "no number",
                    "a whole number of at least " + least);
        }
        return value.intValue();
    }

    static @Nullable ObjectNode object(ObjectNode object, String field, String pointer) {
        JsonNode value = present(object, field);
        if (value == null) {
            return null;
        }
        return object(value, pointer + "/" + field);
    }

    static ObjectNode object(JsonNode value, String pointer) {
        if (!(value instanceof ObjectNode object)) {
            throw bad(pointer, value, "an object");
        }
        return object;
    }

    static List<String> texts(ObjectNode object, String field, String pointer) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : array(object, field, pointer)) {
            if (!item.isTextual()) {
                throw bad(pointer + "/" + field + "/" + texts.size(), item, "a string");
            }
            texts.add(item.asText());
        }
        return texts;
    }

    /** The items of an array field; none where it is absent. */
    static List<JsonNode> array(ObjectNode object, String field, String pointer) {
        JsonNode value = present(object, field);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw bad(pointer + "/" + field, value, "an array");
        }
        List<JsonNode> items = new ArrayList<>();
        value.forEach(items::add);
        return items;
    }
}

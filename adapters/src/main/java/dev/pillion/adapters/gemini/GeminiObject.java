package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of a client's request, read by the rules of proto3 JSON: names in lowerCamelCase or as
 * in the proto file, null is absent, numbers may be strings. What nobody read is the rest.
 */
final class GeminiObject {
    private static final int MAX_SHOWN_CHARS = 40;

    /** One element of a list, with its place. */
    record Item(JsonNode node, String pointer) {
        GeminiObject object() {
            return GeminiObject.of(node, pointer);
        }

        String text() {
            if (!node.isTextual()) {
                throw wrong(node, pointer, "a string");
            }
            return node.textValue();
        }
    }

    private record Field(String sent, JsonNode value) {}

    private final String pointer;
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Set<String> read = new HashSet<>();

    private GeminiObject(String pointer) {
        this.pointer = pointer;
    }

    static GeminiObject of(JsonNode node, String pointer) {
        if (!node.isObject()) {
            throw wrong(node, pointer, "an object");
        }
        var object = new GeminiObject(pointer);
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = camel(field.getKey());
            if (field.getValue().isNull()) {
                continue;
            }
            if (object.fields.put(name, new Field(field.getKey(), field.getValue())) != null) {
                String at = pointer + "/" + field.getKey();
                throw Fault.invalid(at + ": said twice, also as " + name, at).asException();
            }
        }
        return object;
    }

    /** The JSON name of a field: {@code inline_data} is {@code inlineData}. */
    static String camel(String name) {
        if (name.indexOf('_') <= 0) {
            return name;
        }
        var camel = new StringBuilder(name.length());
        boolean up = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                up = true;
            } else {
                camel.append(up ? Character.toUpperCase(c) : c);
                up = false;
            }
        }
        return camel.toString();
    }

    String pointer() {
        return pointer;
    }

    /** The pointer to a field, by the name that the client used. */
    String at(String name) {
        Field field = fields.get(name);
        String sent = field == null ? name : field.sent();
        return pointer + "/" + sent.replace("~", "~0").replace("/", "~1");
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The names that nobody read yet. */
    List<String> unread() {
        return fields.keySet().stream().filter(name -> !read.contains(name)).toList();
    }

    @Nullable JsonNode get(String name) {
        read.add(name);
        Field field = fields.get(name);
        return field == null ? null : field.value();
    }

    @Nullable GeminiObject object(String name) {
        JsonNode value = get(name);
        return value == null ? null : of(value, at(name));
    }

    @Nullable ObjectNode raw(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw wrong(value, at(name), "an object");
    }

    /** The elements; one object in place of a list is a list of it. */
    List<Item> list(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        if (value.isObject()) {
            return List.of(new Item(value, at(name)));
        }
        if (!value.isArray()) {
            throw wrong(value, at(name), "an array");
        }
        List<Item> items = new ArrayList<>(value.size());
        for (JsonNode each : value) {
            items.add(new Item(each, at(name) + "/" + items.size()));
        }
        return items;
    }

    List<String> texts(String name) {
        return list(name).stream().map(Item::text).toList();
    }

    @Nullable String text(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(value, at(name), "a string");
        }
        return value.textValue();
    }

    /** A string, still unread. */
    @Nullable String peek(String name) {
        boolean unread = !read.contains(name);
        String value = text(name);
        if (unread) {
            read.remove(name);
        }
        return value;
    }

    String textOf(String name) {
        String value = text(name);
        if (value == null || value.isEmpty()) {
            throw wrong(null, at(name), "a string");
        }
        return value;
    }

    /** Absent is false, as everywhere in proto3. */
    boolean flag(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrong(value, at(name), "true or false");
        }
        return value.booleanValue();
    }

    @Nullable BigDecimal decimal(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        BigDecimal number = number(value);
        if (number == null) {
            throw wrong(value, at(name), "a number");
        }
        return number;
    }

    @Nullable Long integer(String name, long least, long most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        String expected = "a whole number, " + least + " to " + most;
        BigDecimal number = number(value);
        boolean near = number != null && number.precision() - number.scale() <= 20;
        if (number == null || !near || number.stripTrailingZeros().scale() > 0) {
            throw wrong(value, at(name), expected);
        }
        if (number.compareTo(BigDecimal.valueOf(least)) < 0
                || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw wrong(value, at(name), expected);
        }
        return number.longValue();
    }

    private static @Nullable BigDecimal number(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        boolean maybe = value.isTextual() && value.textValue().length() <= MAX_SHOWN_CHARS;
        if (!maybe) {
            return null;
        }
        try {
            return new BigDecimal(value.textValue());
        } catch (NumberFormatException e) {
            return null; // No number in a string: the caller says what it expected.
        }
    }

    /** What nobody read, by JSON names. */
    ObjectNode rest() {
        ObjectNode rest = Json.object();
        for (Map.Entry<String, Field> field : fields.entrySet()) {
            if (!read.contains(field.getKey())) {
                rest.set(field.getKey(), field.getValue().value());
            }
        }
        return rest;
    }

    static FaultException wrong(@Nullable JsonNode node, String pointer, String expected) {
        String found = node == null ? "missing" : shown(node);
        String where = pointer.isEmpty() ? "(body)" : pointer;
        return Fault.invalid(where + ": " + found + " (expected: " + expected + ")", pointer)
                .asException();
    }

    /** What a value is; words and numbers are shown, if short. */
    private static String shown(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case STRING -> "a string";
            case BOOLEAN -> Boolean.toString(node.booleanValue());
            case NUMBER -> bounded(node.asText());
            case NULL -> "null";
            case BINARY -> "bytes";
            case MISSING -> "missing";
        };
    }

    /** A client's own word, short and without control characters. */
    static String bounded(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= MAX_SHOWN_CHARS
                ? plain
                : plain.substring(0, MAX_SHOWN_CHARS) + "…";
    }
}

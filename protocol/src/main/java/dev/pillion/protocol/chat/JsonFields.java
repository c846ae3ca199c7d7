package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one JSON object, read strictly: every problem names its JSON pointer. */
final class JsonFields {
    private final ObjectNode node;
    private final String pointer;
    private final Set<String> known = new HashSet<>();

    private JsonFields(ObjectNode node, String pointer) {
        this.node = node;
        this.pointer = pointer;
    }

    static JsonFields of(JsonNode node, String pointer) {
        if (node instanceof ObjectNode object) {
            return new JsonFields(object, pointer);
        }
        throw bad(pointer, kind(node), "an object");
    }

    static FaultException bad(String pointer, String what, String expected) {
        String where = pointer.isEmpty() ? "(body)" : pointer;
        return Fault.invalid(where + ": " + what + " (expected: " + expected + ")", pointer)
                .asException();
    }

    /** What a value is, without showing it. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }

    String at(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    String pointer() {
        return pointer;
    }

    /** The value; null when it is absent or JSON null. */
    @Nullable JsonNode get(String name) {
        known.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    boolean has(String name) {
        return get(name) != null;
    }

    @Nullable String text(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw bad(at(name), kind(value), "a string");
        }
        return value.textValue();
    }

    String textOf(String name) {
        String value = text(name);
        if (value == null) {
            throw bad(at(name), "missing", "a string");
        }
        return value;
    }

    @Nullable Boolean flag(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw bad(at(name), kind(value), "true or false");
        }
        return value.booleanValue();
    }

    boolean flag(String name, boolean usual) {
        Boolean value = flag(name);
        return value == null ? usual : value;
    }

    @Nullable Long integer(String name, long least, long most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        boolean whole = value.isIntegralNumber() && value.canConvertToLong();
        if (!whole || value.longValue() < least || value.longValue() > most) {
            String found = value.isNumber() ? Shown.number(value) : kind(value);
            throw bad(at(name), found, "a whole number, " + least + " to " + most);
        }
        return value.longValue();
    }

    @Nullable BigDecimal decimal(String name, String least, String most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw bad(at(name), kind(value), "a number, " + least + " to " + most);
        }
        BigDecimal number = value.decimalValue();
        boolean within =
                number.compareTo(new BigDecimal(least)) >= 0
                        && number.compareTo(new BigDecimal(most)) <= 0;
        if (!within) {
            throw bad(at(name), Shown.number(value), "a number, " + least + " to " + most);
        }
        return number;
    }

    @Nullable ObjectNode object(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw bad(at(name), kind(value), "an object");
    }

    @Nullable JsonFields fields(String name) {
        ObjectNode value = object(name);
        return value == null ? null : new JsonFields(value, at(name));
    }

    /** The elements, each with its pointer; empty when absent. */
    List<Element> array(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw bad(at(name), kind(value), "an array");
        }
        List<Element> elements = new ArrayList<>(value.size());
        int index = 0;
        for (JsonNode each : value) {
            elements.add(new Element(each, at(name) + "/" + index++));
        }
        return elements;
    }

    List<String> texts(String name) {
        return array(name).stream().map(Element::text).toList();
    }

    <E extends Enum<E>> @Nullable E word(String name, Class<E> type) {
        String value = text(name);
        return value == null ? null : wordOf(value, at(name), type);
    }

    static <E extends Enum<E>> E wordOf(String value, String pointer, Class<E> type) {
        List<String> words = new ArrayList<>();
        for (E each : type.getEnumConstants()) {
            String word = each.name().toLowerCase(Locale.ROOT);
            if (word.equals(value)) {
                return each;
            }
            words.add(word);
        }
        throw bad(pointer, "'" + Shown.text(value) + "'", "one of " + String.join(", ", words));
    }

    /** Refuses fields that nobody asked for, with the known one that is most like it. */
    void nothingElse() {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                String near = Shown.nearest(name, known);
                String hint = near == null ? "" : ", did you mean '" + near + "'?";
                throw Fault.invalid(at(name) + ": unknown field" + hint, at(name)).asException();
            }
        }
    }

    /** One element of an array. */
    record Element(JsonNode node, String pointer) {
        String text() {
            if (!node.isTextual()) {
                throw bad(pointer, kind(node), "a string");
            }
            return node.textValue();
        }

        JsonFields fields() {
            return JsonFields.of(node, pointer);
        }
    }
}

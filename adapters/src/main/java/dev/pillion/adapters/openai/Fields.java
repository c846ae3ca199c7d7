package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Typed reading of a client's JSON; what is of another type is refused with its pointer. */
public final class Fields {
    private Fields() {}

    public static ObjectNode object(JsonNode node, String pointer) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw wrong(node, pointer, "an object");
    }

    public static ArrayNode array(JsonNode node, String pointer) {
        if (node instanceof ArrayNode array) {
            return array;
        }
        throw wrong(node, pointer, "an array");
    }

    public static String string(@Nullable JsonNode node, String pointer) {
        if (node != null && node.isTextual()) {
            return node.textValue();
        }
        throw wrong(node, pointer, "a string");
    }

    public static @Nullable String stringOrNull(ObjectNode from, String name, String pointer) {
        JsonNode node = from.get(name);
        return node == null || node.isNull() ? null : string(node, pointer + "/" + name);
    }

    public static boolean bool(JsonNode node, String pointer) {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        throw wrong(node, pointer, "true or false");
    }

    public static BigDecimal decimal(JsonNode node, String pointer) {
        if (node.isNumber()) {
            return node.decimalValue();
        }
        throw wrong(node, pointer, "a number");
    }

    public static long integer(JsonNode node, String pointer) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        throw wrong(node, pointer, "an integer");
    }

    public static int positive(JsonNode node, String pointer) {
        if (node.isIntegralNumber() && node.canConvertToInt() && node.intValue() > 0) {
            return node.intValue();
        }
        throw wrong(node, pointer, "an integer >= 1");
    }

    /** The fields that are not among the known ones and not null. */
    public static ObjectNode unknown(ObjectNode from, Set<String> known) {
        ObjectNode rest = Json.object();
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
                rest.set(field.getKey(), field.getValue());
            }
        }
        return rest;
    }

    public static FaultException wrong(@Nullable JsonNode node, String pointer, String expected) {
        String found = node == null ? "missing" : describe(node);
        return Fault.invalid(pointer + ": " + found + " (expected: " + expected + ")", pointer)
                .asException();
    }

    private static String describe(JsonNode node) {
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

    private static String bounded(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}

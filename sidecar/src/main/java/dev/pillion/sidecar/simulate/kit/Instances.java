package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;

/** Makes a JSON value that satisfies a JSON Schema, filled with what the prompt offers. */
public final class Instances {
    private static final int MAX_DEPTH = 24;
    private static final int OPTIONAL_DEPTH = 4;
    private static final Map<String, String> BY_FORMAT =
            Map.ofEntries(
                    Map.entry("date-time", "2026-11-21T12:00:00Z"),
                    Map.entry("date", "2026-11-21"),
                    Map.entry("time", "12:00:00Z"),
                    Map.entry("duration", "PT5M"),
                    Map.entry("email", "someone@example.com"),
                    Map.entry("hostname", "example.com"),
                    Map.entry("uri", "https://example.com/"),
                    Map.entry("ipv4", "192.0.2.1"),
                    Map.entry("ipv6", "2001:db8::1"),
                    Map.entry("uuid", "00000000-0000-4000-8000-000000000001"));

    private final JsonNode root;
    private final Hints hints;
    private int words;
    private int numbers;

    private Instances(JsonNode root, Hints hints) {
        this.root = root;
        this.hints = hints;
    }

    public static JsonNode of(JsonNode schema, Hints hints) {
        return new Instances(schema, hints).value(schema, "value", 0);
    }

    private JsonNode value(JsonNode schema, String name, int depth) {
        if (depth > MAX_DEPTH || !schema.isObject()) {
            return Trees.text(name);
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.path("enum").size() > 0) {
            return schema.get("enum").get(0);
        }
        if (schema.has("$ref")) {
            return value(resolve(schema.get("$ref").asText()), name, depth + 1);
        }
        for (var choice : new String[] {"anyOf", "oneOf"}) {
            if (schema.path(choice).size() > 0) {
                return value(pick(schema.get(choice), depth), name, depth + 1);
            }
        }
        return schema.has("allOf") ? all(schema, name, depth) : typed(schema, name, depth);
    }

    /**
     * The first branch that is not null; deep down, null where it is offered, to come to an end.
     */
    private static JsonNode pick(JsonNode branches, int depth) {
        for (var branch : branches) {
            if (branch.path("type").asText().equals("null") == depth > OPTIONAL_DEPTH) {
                return branch;
            }
        }
        return branches.get(branches.size() - 1);
    }

    private JsonNode resolve(String ref) {
        var found = ref.startsWith("#") ? root.at(ref.substring(1)) : root;
        return found.isMissingNode() ? Trees.object() : found;
    }

    private JsonNode all(JsonNode schema, String name, int depth) {
        var merged = Trees.object();
        JsonNode last = Trees.object();
        for (var part : schema.get("allOf")) {
            last = value(part, name, depth + 1);
            if (last.isObject()) {
                last.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
            }
        }
        if (schema.has("properties")) {
            object(schema, depth).properties().forEach(e -> merged.set(e.getKey(), e.getValue()));
        }
        return merged.isEmpty() ? last : merged;
    }

    private JsonNode typed(JsonNode schema, String name, int depth) {
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "integer" -> LongNode.valueOf((long) number(schema, 1));
            case "number" -> DoubleNode.valueOf(number(schema, 1));
            case "boolean" -> BooleanNode.TRUE;
            case "null" -> NullNode.instance;
            default -> Trees.text(string(schema, name));
        };
    }

    private static String type(JsonNode schema) {
        var type = schema.path("type");
        for (var item : type) {
            if (!item.asText().equals("null")) {
                return item.asText();
            }
        }
        if (type.isTextual()) {
            return type.textValue();
        }
        if (schema.has("properties")) {
            return "object";
        }
        return schema.has("items") ? "array" : "string";
    }

    private JsonNode object(JsonNode schema, int depth) {
        var object = Trees.object();
        var required = schema.path("required");
        for (var entry : schema.path("properties").properties()) {
            if (depth < OPTIONAL_DEPTH || names(required, entry.getKey())) {
                object.set(entry.getKey(), value(entry.getValue(), entry.getKey(), depth + 1));
            }
        }
        for (var name : required) {
            if (!object.has(name.asText())) {
                object.put(name.asText(), name.asText());
            }
        }
        return object;
    }

    private static boolean names(JsonNode required, String name) {
        for (var item : required) {
            if (item.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private JsonNode array(JsonNode schema, String name, int depth) {
        var array = Trees.array();
        int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        int wanted = depth > OPTIONAL_DEPTH ? 0 : 1;
        int size = Math.min(most, Math.max(wanted, schema.path("minItems").asInt(0)));
        for (var item : schema.path("prefixItems")) {
            array.add(value(item, name, depth + 1));
        }
        while (array.size() < size) {
            array.add(value(schema.path("items"), name, depth + 1));
        }
        return array;
    }

    private double number(JsonNode schema, double step) {
        double low = schema.path("minimum").asDouble(-1e15);
        double high = schema.path("maximum").asDouble(1e15);
        if (schema.path("exclusiveMinimum").isNumber()) {
            low = Math.max(low, schema.get("exclusiveMinimum").asDouble() + step);
        }
        if (schema.path("exclusiveMaximum").isNumber()) {
            high = Math.min(high, schema.get("exclusiveMaximum").asDouble() - step);
        }
        double wanted = Math.rint(hints.number(numbers++, 1));
        double value = Math.max(low, Math.min(high, wanted));
        double multiple = schema.path("multipleOf").asDouble(0);
        return multiple > 0 ? Math.ceil(value / multiple) * multiple : value;
    }

    private String string(JsonNode schema, String name) {
        var format = BY_FORMAT.get(Trees.string(schema, "format", ""));
        var text = format != null ? format : hints.word(words++, "some " + name.replace('_', ' '));
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        if (text.length() < least) {
            text = text + "x".repeat(least - text.length());
        }
        return text.length() > most ? text.substring(0, most) : text;
    }
}

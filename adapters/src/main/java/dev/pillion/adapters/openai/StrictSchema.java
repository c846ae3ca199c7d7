package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The strict subset of JSON Schema (structured outputs, as of 2026-02): an object at the root, all
 * objects closed with every property required, no keywords that combine or depend.
 */
public final class StrictSchema {
    private static final int MAX_DEPTH = 200;

    private static final Set<String> REJECTED =
            Set.of(
                    "allOf",
                    "oneOf",
                    "not",
                    "if",
                    "then",
                    "else",
                    "dependentRequired",
                    "dependentSchemas",
                    "propertyNames",
                    "patternProperties",
                    "unevaluatedProperties",
                    "minProperties",
                    "maxProperties");

    private static final Set<String> NAMED = Set.of("properties", "$defs", "definitions");

    private StrictSchema() {}

    /**
     * What keeps a schema out of the subset.
     *
     * @param pointer JSON pointer into the schema
     */
    public record Problem(String pointer, String what) {}

    /** The first problem; null: the schema may be sent as strict. */
    public static @Nullable Problem problem(ObjectNode schema) {
        if (!schema.path("type").asText().equals("object")) {
            return new Problem("", "a root that is not an object");
        }
        return schema.has("anyOf")
                ? new Problem("/anyOf", "anyOf at the root")
                : walk(schema, "", 0);
    }

    private static @Nullable Problem walk(JsonNode schema, String at, int depth) {
        if (!schema.isObject()) {
            return null;
        }
        if (depth > MAX_DEPTH) {
            return new Problem(at, "nesting");
        }
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            String name = field.getKey();
            if (REJECTED.contains(name)) {
                return new Problem(at + "/" + name, name);
            }
            Problem below = below(name, field.getValue(), at + "/" + name, depth);
            if (below != null) {
                return below;
            }
        }
        return isObject(schema) ? closed(schema, at) : null;
    }

    private static @Nullable Problem below(String name, JsonNode value, String at, int depth) {
        if (NAMED.contains(name)) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                Problem found = walk(field.getValue(), at + "/" + field.getKey(), depth + 1);
                if (found != null) {
                    return found;
                }
            }
        } else if (name.equals("items")) {
            return walk(value, at, depth + 1);
        } else if (name.equals("anyOf")) {
            for (int i = 0; i < value.size(); i++) {
                Problem found = walk(value.get(i), at + "/" + i, depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static boolean isObject(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (one.asText().equals("object")) {
                    return true;
                }
            }
        }
        return type.asText().equals("object") || schema.has("properties");
    }

    private static @Nullable Problem closed(JsonNode schema, String at) {
        JsonNode additional = schema.get("additionalProperties");
        if (additional == null || !additional.isBoolean() || additional.booleanValue()) {
            return new Problem(at + "/additionalProperties", "an object open to more properties");
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (!required.contains(property.getKey())) {
                return new Problem(at + "/required", "an optional property");
            }
        }
        return null;
    }
}

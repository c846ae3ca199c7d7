package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Folds {@code allOf} into the schema around it, where that says the same. */
final class GeminiSchemaFold {
    private GeminiSchemaFold() {}

    /** The schema without its {@code allOf}; the schema itself where there is none, or it can't. */
    static ObjectNode allOf(ObjectNode schema) {
        if (!schema.path("allOf").isArray()) {
            return schema;
        }
        ObjectNode folded = schema.deepCopy();
        folded.remove("allOf");
        for (JsonNode branch : schema.path("allOf")) {
            if (!(branch instanceof ObjectNode object) || !into(folded, allOf(object))) {
                return schema;
            }
        }
        return folded;
    }

    private static boolean into(ObjectNode folded, ObjectNode branch) {
        // A closed object counts the properties of its own schema only.
        if (closes(folded, branch) || closes(branch, folded)) {
            return false;
        }
        for (var entry : branch.properties()) {
            JsonNode there = folded.get(entry.getKey());
            JsonNode both = both(entry.getKey(), there, entry.getValue());
            if (both == null) {
                return false;
            }
            folded.set(entry.getKey(), both);
        }
        return true;
    }

    /** Whether the one closes an object whose properties the other one names. */
    private static boolean closes(ObjectNode one, ObjectNode other) {
        return one.has("additionalProperties") && other.has("properties");
    }

    /** What says both; null where nothing does. */
    private static @Nullable JsonNode both(String name, @Nullable JsonNode a, JsonNode b) {
        if (a == null || a.equals(b)) {
            return b;
        }
        return switch (name) {
            case "title", "description" -> a;
            case "required" -> required(a, b);
            case "properties", "$defs", "definitions" -> properties(a, b);
            default -> null;
        };
    }

    private static JsonNode required(JsonNode a, JsonNode b) {
        ArrayNode names = a.deepCopy();
        for (JsonNode name : b) {
            boolean known = false;
            for (JsonNode each : a) {
                known |= each.equals(name);
            }
            if (!known) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable JsonNode properties(JsonNode a, JsonNode b) {
        ObjectNode all = a.deepCopy();
        for (var entry : b.properties()) {
            JsonNode there = all.get(entry.getKey());
            if (there != null && !there.equals(entry.getValue())) {
                return null;
            }
            all.set(entry.getKey(), entry.getValue());
        }
        return all;
    }
}

package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Brings a JSON Schema into the subset that Gemini takes (Gemini API v1beta, {@code
 * parametersJsonSchema} and {@code responseJsonSchema}), where the meaning is kept: {@code const}
 * becomes {@code enum}, {@code oneOf} becomes {@code anyOf}, {@code allOf} is folded, and bounds
 * that the vendor ignores move into the description, for the model to heed and for the answer to be
 * checked by. What can't be said even so is refused with the keyword's name; in a schema that only
 * guides (a function that is not strict) it is told to the model as well.
 */
final class GeminiSchemaReducer {
    private static final Set<String> PLAIN =
            Set.of(
                    "type",
                    "format",
                    "title",
                    "description",
                    "required",
                    "minItems",
                    "maxItems",
                    "minimum",
                    "maximum",
                    "$id",
                    "$anchor",
                    "propertyOrdering");

    /** Bounds that are told and checked. */
    private static final Set<String> CHECKED =
            Set.of(
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "uniqueItems",
                    "minProperties",
                    "maxProperties");

    /** Keywords that change what is valid, and that neither the vendor nor our check knows. */
    private static final Set<String> REFUSED =
            Set.of(
                    "not",
                    "if",
                    "then",
                    "else",
                    "allOf",
                    "patternProperties",
                    "dependentSchemas",
                    "dependentRequired",
                    "dependencies",
                    "propertyNames",
                    "contains",
                    "minContains",
                    "maxContains",
                    "unevaluatedItems",
                    "unevaluatedProperties",
                    "$dynamicRef",
                    "$recursiveRef");

    private static final String DEFINITIONS = "#/definitions/";

    private final Losses losses;
    private final boolean guides;
    private boolean checkNeeded;

    /** A schema and whether answers must be checked against the one it came from. */
    record Reduced(ObjectNode schema, boolean checkNeeded) {}

    private GeminiSchemaReducer(Losses losses, boolean guides) {
        this.losses = losses;
        this.guides = guides;
    }

    /** For answers that must follow the schema. */
    static Reduced reduce(ObjectNode schema, Losses losses, String pointer) {
        var reducer = new GeminiSchemaReducer(losses, false);
        ObjectNode reduced = reducer.schema(schema, pointer);
        return new Reduced(reduced, reducer.checkNeeded);
    }

    /** For arguments that the schema only describes. */
    static ObjectNode guide(ObjectNode schema) {
        return new GeminiSchemaReducer(new Losses(true), true).schema(schema, "");
    }

    private ObjectNode schema(ObjectNode asked, String pointer) {
        ObjectNode from = GeminiSchemaFold.allOf(asked);
        ObjectNode to = Json.object();
        List<String> told = new ArrayList<>();
        for (var entry : from.properties()) {
            keyword(entry.getKey(), entry.getValue(), from, pointer, to, told);
        }
        if (!told.isEmpty()) {
            checkNeeded = true;
            String prose = "Must satisfy: " + String.join(", ", told) + ".";
            String description = to.path("description").asText();
            to.put("description", description.isEmpty() ? prose : description + " " + prose);
        }
        return aloneRef(to, pointer);
    }

    private void keyword(
            String name,
            JsonNode value,
            ObjectNode from,
            String pointer,
            ObjectNode to,
            List<String> told) {
        String at = pointer + "/" + name;
        switch (name) {
            case "properties" -> to.set(name, map(value, at, told));
            case "$defs", "definitions" -> to.withObject("/$defs").setAll(map(value, at, told));
            case "$ref" -> to.put(name, value.asText().replace(DEFINITIONS, "#/$defs/"));
            case "anyOf" -> to.set(name, list(value, at, told));
            case "oneOf" -> oneOf(value, from, at, to, told);
            case "prefixItems" -> to.set(name, list(value, at, told));
            case "items" -> items(value, at, to, told);
            case "additionalProperties" -> additional(value, at, to, told);
            case "additionalItems" -> {
                if (from.path("items").isArray()) {
                    cannot("additionalItems", value, at, told);
                }
            }
            case "const" -> fixed(name, Json.nodes().arrayNode().add(value), from, to, told);
            case "enum" -> fixed(name, value, from, to, told);
            default -> plain(name, value, at, to, told);
        }
    }

    private void plain(String name, JsonNode value, String at, ObjectNode to, List<String> told) {
        if (PLAIN.contains(name)) {
            to.set(name, value);
        } else if (CHECKED.contains(name)) {
            told.add(name + " " + Json.text(value));
        } else if (REFUSED.contains(name)) {
            cannot(name, value, at, told);
        }
        // Anything else is an annotation, which says nothing about what is valid.
    }

    private void cannot(String name, JsonNode value, String at, List<String> told) {
        if (guides) {
            told.add(name + " " + Json.text(value));
        } else {
            losses.lose(at, "Gemini's schemas have no `" + name + "`");
        }
    }

    private ObjectNode map(JsonNode value, String at, List<String> told) {
        ObjectNode to = Json.object();
        for (var entry : value.properties()) {
            to.set(entry.getKey(), sub(entry.getValue(), at + "/" + entry.getKey(), told));
        }
        return to;
    }

    private ArrayNode list(JsonNode value, String at, List<String> told) {
        ArrayNode to = Json.nodes().arrayNode();
        for (int i = 0; i < value.size(); i++) {
            to.add(sub(value.get(i), at + "/" + i, told));
        }
        return to;
    }

    private JsonNode sub(JsonNode value, String at, List<String> told) {
        if (value instanceof ObjectNode object) {
            return schema(object, at);
        }
        if (!value.asBoolean(true)) {
            cannot("false", value, at, told);
        }
        return Json.object();
    }

    /** Exactly one becomes at least one; that it was no more is checked on the answer. */
    private void oneOf(
            JsonNode value, ObjectNode from, String at, ObjectNode to, List<String> told) {
        if (from.has("anyOf")) {
            cannot("oneOf", value, at, told);
            return;
        }
        checkNeeded = true;
        to.set("anyOf", list(value, at, told));
    }

    private void items(JsonNode value, String at, ObjectNode to, List<String> told) {
        if (value.isArray()) {
            to.set("prefixItems", list(value, at, told));
        } else if (value.isObject() || !value.asBoolean(true)) {
            to.set("items", sub(value, at, told));
        }
    }

    private void additional(JsonNode value, String at, ObjectNode to, List<String> told) {
        to.set("additionalProperties", value.isObject() ? sub(value, at, told) : value);
    }

    /** A list of strings and numbers, perhaps with null beside them, is kept; others are told. */
    private void fixed(
            String name, JsonNode options, ObjectNode from, ObjectNode to, List<String> told) {
        ArrayNode kept = Json.nodes().arrayNode();
        boolean nothing = false;
        boolean other = from.has("const") && from.has("enum");
        for (JsonNode option : options) {
            nothing |= option.isNull();
            other |= option.isContainerNode() || option.isBoolean();
            if (!option.isNull()) {
                kept.add(option);
            }
        }
        boolean twoWays = nothing && !kept.isEmpty();
        if (other || (twoWays && (from.has("anyOf") || from.has("oneOf")))) {
            told.add(name + " " + Json.text(name.equals("const") ? options.get(0) : options));
        } else if (kept.isEmpty()) {
            to.put("type", "null");
        } else if (twoWays) {
            ArrayNode ways = to.putArray("anyOf");
            ways.addObject().put("type", type(kept)).set("enum", kept);
            ways.addObject().put("type", "null");
        } else {
            if (!from.has("type")) {
                to.put("type", type(kept));
            }
            to.set("enum", kept);
        }
    }

    private static String type(ArrayNode options) {
        boolean text = true;
        boolean whole = true;
        for (JsonNode option : options) {
            text &= option.isTextual();
            whole &= option.isIntegralNumber();
        }
        return text ? "string" : whole ? "integer" : "number";
    }

    /** Beside a reference only {@code $} keywords may stand: it moves into a list of one. */
    private ObjectNode aloneRef(ObjectNode schema, String pointer) {
        JsonNode ref = schema.get("$ref");
        boolean alone = true;
        for (var entry : schema.properties()) {
            alone &= entry.getKey().startsWith("$");
        }
        if (ref == null || alone) {
            return schema;
        }
        if (schema.has("anyOf")) {
            losses.lose(pointer + "/$ref", "Gemini takes no `$ref` beside `anyOf`");
            return schema.without("$ref");
        }
        schema.remove("$ref");
        schema.putArray("anyOf").addObject().set("$ref", ref);
        return schema;
    }
}

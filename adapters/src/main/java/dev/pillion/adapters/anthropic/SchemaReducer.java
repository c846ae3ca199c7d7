package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.SchemaCheck;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings a JSON Schema into the subset that Anthropic's structured output takes, where the meaning
 * is kept: {@code oneOf} becomes {@code anyOf}, objects are closed, and bounds the vendor does not
 * enforce move into the description, for the model to heed and for {@link SchemaCheck} to check on
 * the answer. What can't be said even so is refused with the keyword's name.
 */
final class SchemaReducer {
    private static final Set<String> PLAIN =
            Set.of("type", "required", "description", "title", "default");
    private static final Set<String> SCHEMA_LISTS = Set.of("anyOf", "allOf");
    private static final String DEFINITIONS = "#/definitions/";

    /** Bounds that are told and checked. */
    private static final Set<String> CHECKED =
            Set.of(
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                    "minProperties",
                    "maxProperties");

    private static final Set<String> FORMATS =
            Set.of(
                    "date-time",
                    "time",
                    "date",
                    "duration",
                    "email",
                    "hostname",
                    "uri",
                    "ipv4",
                    "ipv6",
                    "uuid");

    /** Keywords that change what is valid, and that the vendor has no word for. */
    private static final Set<String> REFUSED =
            Set.of(
                    "not",
                    "if",
                    "then",
                    "else",
                    "patternProperties",
                    "dependentSchemas",
                    "dependentRequired",
                    "dependencies",
                    "propertyNames",
                    "contains",
                    "minContains",
                    "maxContains",
                    "prefixItems",
                    "additionalItems",
                    "unevaluatedItems",
                    "unevaluatedProperties",
                    "$dynamicRef",
                    "$recursiveRef");

    private final ObjectNode root;
    private final Losses losses;
    private boolean checkNeeded;

    /** A schema and whether answers must be checked against the one it came from. */
    record Reduced(ObjectNode schema, boolean checkNeeded) {}

    private SchemaReducer(ObjectNode root, Losses losses) {
        this.root = root;
        this.losses = losses;
    }

    static Reduced reduce(ObjectNode schema, Losses losses, String pointer) {
        var reducer = new SchemaReducer(schema, losses);
        reducer.refuseRecursion(schema, pointer);
        ObjectNode reduced = reducer.schema(schema, pointer);
        return new Reduced(reduced, reducer.checkNeeded);
    }

    private ObjectNode schema(ObjectNode asked, String pointer) {
        ObjectNode from = oneTypeEach(asked);
        ObjectNode to = Json.object();
        List<String> told = new ArrayList<>();
        for (var entry : from.properties()) {
            keyword(entry.getKey(), entry.getValue(), pointer, to, told);
        }
        close(from, to, pointer);
        if (!told.isEmpty()) {
            checkNeeded = true;
            String prose = "Must satisfy: " + String.join(", ", told) + ".";
            String description = to.path("description").asText();
            to.put("description", description.isEmpty() ? prose : description + " " + prose);
        }
        return to;
    }

    private void keyword(
            String name, JsonNode value, String pointer, ObjectNode to, List<String> told) {
        String at = pointer + "/" + name;
        if (PLAIN.contains(name)) {
            to.set(name, value);
        } else if (name.equals("properties")) {
            to.set(name, map(value, at));
        } else if (name.equals("$defs") || name.equals("definitions")) {
            to.withObject("/$defs").setAll(map(value, at));
        } else if (name.equals("$ref")) {
            to.put(name, value.asText().replace(DEFINITIONS, "#/$defs/"));
        } else if (SCHEMA_LISTS.contains(name)) {
            ArrayNode list = list(value, at);
            to.withArray("/" + name).addAll(list);
        } else if (name.equals("oneOf")) {
            oneOf(value, at, to);
        } else if (name.equals("items")) {
            to.set(name, sub(value, at));
        } else if (name.equals("enum") || name.equals("const")) {
            fixed(name, value, at, to);
        } else if (name.equals("format")) {
            format(value, to, told);
        } else if (isNative(name, value)) {
            to.set(name, value);
        } else if (CHECKED.contains(name)) {
            told.add(name + " " + Json.text(value));
        } else if (REFUSED.contains(name)) {
            losses.lose(at, "Anthropic's structured output has no `" + name + "`");
        }
        // Anything else is an annotation, which says nothing about what is valid.
    }

    private static boolean isNative(String name, JsonNode value) {
        return name.equals("minItems") && (value.asInt(-1) == 0 || value.asInt(-1) == 1);
    }

    private ObjectNode map(JsonNode value, String at) {
        ObjectNode to = Json.object();
        for (var entry : value.properties()) {
            to.set(entry.getKey(), sub(entry.getValue(), at + "/" + entry.getKey()));
        }
        return to;
    }

    private ArrayNode list(JsonNode value, String at) {
        ArrayNode to = Json.nodes().arrayNode();
        for (int i = 0; i < value.size(); i++) {
            to.add(sub(value.get(i), at + "/" + i));
        }
        return to;
    }

    /** Exactly one becomes at least one; that it was no more is checked on the answer. */
    private void oneOf(JsonNode value, String at, ObjectNode to) {
        checkNeeded = true;
        if (to.has("anyOf")) {
            to.withArray("/allOf").addObject().set("anyOf", list(value, at));
        } else {
            to.set("anyOf", list(value, at));
        }
    }

    private JsonNode sub(JsonNode value, String at) {
        if (value instanceof ObjectNode object) {
            return schema(object, at);
        }
        if (value.asBoolean(false)) {
            return Json.object();
        }
        losses.lose(at, "Anthropic's structured output has no schema `false`");
        return Json.object();
    }

    private void fixed(String name, JsonNode value, String at, ObjectNode to) {
        boolean container = name.equals("const") && value.isContainerNode();
        for (JsonNode option : value) {
            container |= option.isContainerNode();
        }
        if (container) {
            losses.lose(
                    at, "Anthropic's structured output has no `" + name + "` of objects or arrays");
        } else {
            to.set(name, value);
        }
    }

    /** A list of types becomes one schema for each, which says the same. */
    private static ObjectNode oneTypeEach(ObjectNode schema) {
        JsonNode types = schema.path("type");
        if (!types.isArray()) {
            return schema;
        }
        ObjectNode outer = Json.object();
        ObjectNode inner = schema.deepCopy();
        for (String name : List.of("title", "description", "default", "$defs", "definitions")) {
            JsonNode value = inner.remove(name);
            if (value != null) {
                outer.set(name, value);
            }
        }
        ArrayNode branches = Json.nodes().arrayNode();
        for (JsonNode type : types) {
            ObjectNode branch = inner.deepCopy();
            branch.set("type", type);
            if (!branch.has("enum") || keepOf(branch, type.asText())) {
                branches.add(branch);
            }
        }
        if (branches.size() == 1 && branches.get(0) instanceof ObjectNode only) {
            return outer.setAll(only);
        }
        outer.set("anyOf", branches);
        return outer;
    }

    /** Leaves the options of that type; false when there are none. */
    private static boolean keepOf(ObjectNode branch, String type) {
        ArrayNode kept = Json.nodes().arrayNode();
        ObjectNode typed = Json.object().put("type", type);
        for (JsonNode option : branch.path("enum")) {
            if (SchemaCheck.firstBreak(option, typed) == null) {
                kept.add(option);
            }
        }
        branch.set("enum", kept);
        return !kept.isEmpty();
    }

    private static void format(JsonNode value, ObjectNode to, List<String> told) {
        if (FORMATS.contains(value.asText())) {
            to.set("format", value);
        } else {
            told.add("format " + value.asText());
        }
    }

    /** Every object is closed; one that is meant to be open can't be said. */
    private void close(ObjectNode from, ObjectNode to, String pointer) {
        boolean object = from.path("type").asText().equals("object");
        if (!object && !from.has("properties")) {
            return;
        }
        JsonNode more = from.path("additionalProperties");
        boolean open = more.asBoolean(false) || !from.has("properties");
        boolean free =
                from.path("properties").isEmpty() && open && !isFalse(more) && !isReferring(from);
        if (more.isObject() || free) {
            losses.lose(
                    pointer + "/additionalProperties",
                    "Anthropic's structured output has no `additionalProperties` but false");
        }
        to.put("additionalProperties", false);
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.booleanValue();
    }

    private static boolean isReferring(ObjectNode schema) {
        return schema.has("$ref")
                || schema.has("anyOf")
                || schema.has("allOf")
                || schema.has("oneOf");
    }

    private void refuseRecursion(JsonNode schema, String pointer) {
        walk(schema, pointer, new HashSet<>());
    }

    /** Follows every reference; one that leads back to itself, or nowhere, is refused. */
    private void walk(JsonNode node, String pointer, Set<String> open) {
        JsonNode ref = node.path("$ref");
        if (ref.isTextual()) {
            String target = ref.asText();
            JsonNode found = SchemaCheck.resolve(root, target);
            if (found == null) {
                losses.lose(pointer + "/$ref", "`$ref` " + target + " leads out of the schema");
            } else if (!open.add(target)) {
                losses.lose(pointer + "/$ref", "`$ref` " + target + " leads back to itself");
            } else {
                walk(found, pointer + "/$ref", open);
                open.remove(target);
            }
        }
        for (var entry : node.properties()) {
            String name = entry.getKey();
            if (!name.equals("$defs") && !name.equals("definitions") && !isData(name)) {
                walk(entry.getValue(), pointer + "/" + name, open);
            }
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), pointer + "/" + i, open);
            }
        }
    }

    private static boolean isData(String name) {
        return name.equals("const") || name.equals("default") || name.equals("enum");
    }
}

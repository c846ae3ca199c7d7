package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The older {@code Schema} message (OpenAPI 3.0 in proto3 JSON) as JSON Schema: types in lower
 * case, {@code nullable} as a type, {@code example} as examples, {@code propertyOrdering} as the
 * order of the properties. What is JSON Schema already stays as it is.
 */
final class OpenApiSchema {
    /** Whole numbers that proto3 JSON writes as strings. */
    private static final Set<String> COUNTS =
            Set.of(
                    "minItems",
                    "maxItems",
                    "minLength",
                    "maxLength",
                    "minProperties",
                    "maxProperties");

    private static final Set<String> DONE_APART =
            Set.of("nullable", "propertyOrdering", "example", "properties");

    /** The numbers of the enum, which proto3 JSON takes as well. */
    private static final List<String> TYPES =
            List.of("", "string", "number", "integer", "boolean", "array", "object", "null");

    private OpenApiSchema() {}

    static ObjectNode toJsonSchema(ObjectNode schema) {
        ObjectNode from = Json.object();
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            if (!field.getValue().isNull()) {
                from.set(GeminiObject.camel(field.getKey()), field.getValue());
            }
        }
        ObjectNode to = Json.object();
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            if (!DONE_APART.contains(field.getKey())) {
                field(field.getKey(), field.getValue(), to);
            }
        }
        if (from.get("properties") instanceof ObjectNode properties) {
            to.set("properties", properties(properties, from.path("propertyOrdering")));
        }
        if (from.has("example") && !to.has("examples")) {
            to.putArray("examples").add(from.get("example"));
        }
        if (to.has("enum") && to.path("format").asText().equals("enum")) {
            to.remove("format"); // It only says that there is an enum.
        }
        if (from.path("nullable").asBoolean()) {
            nullable(to);
        }
        return to;
    }

    private static void field(String name, JsonNode value, ObjectNode to) {
        switch (name) {
            case "type" -> type(value, to);
            case "items", "additionalProperties", "not" -> to.set(name, nested(value));
            case "anyOf", "oneOf", "allOf", "prefixItems" -> to.set(name, list(value));
            case "$defs", "definitions" ->
                    to.set(name, value instanceof ObjectNode map ? properties(map, value) : value);
            default -> to.set(name, COUNTS.contains(name) ? count(value) : value);
        }
    }

    private static void type(JsonNode value, ObjectNode to) {
        if (value.isArray()) {
            ArrayNode types = to.putArray("type");
            value.forEach(each -> types.add(each.asText().toLowerCase(Locale.ROOT)));
        } else if (value.isIntegralNumber()) {
            int number = value.asInt();
            boolean known = number > 0 && number < TYPES.size();
            to.set("type", known ? Json.nodes().textNode(TYPES.get(number)) : value);
        } else if (!value.asText().equals("TYPE_UNSPECIFIED")) {
            to.put("type", value.asText().toLowerCase(Locale.ROOT));
        }
    }

    private static JsonNode nested(JsonNode value) {
        return value instanceof ObjectNode schema ? toJsonSchema(schema) : value;
    }

    private static JsonNode list(JsonNode value) {
        ArrayNode list = Json.nodes().arrayNode();
        value.forEach(each -> list.add(nested(each)));
        return list;
    }

    private static JsonNode count(JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        try {
            return Json.nodes().numberNode(new BigDecimal(value.textValue()));
        } catch (NumberFormatException e) {
            return value; // No number: the vendor will say so.
        }
    }

    private static ObjectNode properties(ObjectNode from, JsonNode ordering) {
        Set<String> names = new LinkedHashSet<>();
        if (ordering.isArray()) {
            ordering.forEach(name -> names.add(name.asText()));
        }
        names.retainAll(names(from));
        names.addAll(names(from));
        ObjectNode to = Json.object();
        names.forEach(name -> to.set(name, nested(from.get(name))));
        return to;
    }

    private static List<String> names(ObjectNode from) {
        List<String> names = new ArrayList<>();
        from.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void nullable(ObjectNode to) {
        JsonNode type = to.get("type");
        if (type != null && type.isTextual()) {
            to.putArray("type").add(type.textValue()).add("null");
        } else if (to.get("anyOf") instanceof ArrayNode choices) {
            choices.addObject().put("type", "null");
        }
        if (to.get("enum") instanceof ArrayNode values) {
            ArrayNode more = to.putArray("enum");
            more.addAll(values);
            more.addNull();
        }
    }
}

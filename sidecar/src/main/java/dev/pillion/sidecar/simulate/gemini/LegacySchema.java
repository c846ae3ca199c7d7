package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The older schema of {@code parameters} and {@code responseSchema}: OpenAPI's, as a message. */
final class LegacySchema {
    private static final Set<String> TYPES =
            Set.of("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL");
    private static final Set<String> WORDS = Set.of("format", "title", "description", "pattern");
    private static final Set<String> NAMES = Set.of("enum", "required", "propertyOrdering");
    private static final Set<String> COUNTS =
            Set.of(
                    "minItems",
                    "maxItems",
                    "minProperties",
                    "maxProperties",
                    "minLength",
                    "maxLength");
    private static final Set<String> NUMBERS = Set.of("minimum", "maximum");
    private static final Set<String> FREE = Set.of("example", "default");
    private static final Set<String> NESTED = Set.of("items", "anyOf", "properties");
    private static final Map<String, Set<String>> FORMATS =
            Map.of(
                    "STRING", Set.of("enum", "date-time"),
                    "NUMBER", Set.of("float", "double"),
                    "INTEGER", Set.of("int32", "int64"));
    private static final int MAX_DEPTH = 32;

    private LegacySchema() {}

    static @Nullable VendorError check(JsonNode schema, Path path) {
        return check(schema, path, 0);
    }

    private static @Nullable VendorError check(JsonNode schema, Path path, int depth) {
        if (!schema.isObject()) {
            return wrong(
                    path, "type.googleapis.com/google.ai.generativelanguage.v1beta.Schema", schema);
        }
        if (depth > MAX_DEPTH) {
            return GeminiErrors.field(
                    path, "The specified schema has too many states for serving.");
        }
        for (var entry : schema.properties()) {
            var name = ProtoJson.camel(entry.getKey());
            var at = path.field(name);
            var error =
                    entry.getValue().isNull() && known(name)
                            ? null
                            : field(name, entry.getValue(), at, depth);
            if (error != null) {
                return error;
            }
        }
        return meaning(plain(schema), path);
    }

    private static boolean known(String name) {
        return name.equals("type")
                || name.equals("nullable")
                || WORDS.contains(name)
                || NAMES.contains(name)
                || COUNTS.contains(name)
                || NUMBERS.contains(name)
                || FREE.contains(name)
                || NESTED.contains(name);
    }

    private static @Nullable VendorError field(String name, JsonNode value, Path at, int depth) {
        if (!known(name)) {
            return GeminiErrors.unknownName(at);
        }
        return switch (name) {
            case "type" -> isType(value) ? null : wrong(at, "Type", value);
            case "nullable" -> value.isBoolean() ? null : wrong(at, "TYPE_BOOL", value);
            case "items" -> check(value, at, depth + 1);
            case "anyOf" -> list(value, at, depth);
            case "properties" -> map(value, at, depth);
            default -> simple(name, value, at);
        };
    }

    private static @Nullable VendorError simple(String name, JsonNode value, Path at) {
        if (WORDS.contains(name)) {
            return value.isTextual() ? null : wrong(at, "TYPE_STRING", value);
        }
        if (NAMES.contains(name)) {
            return names(value, at);
        }
        if (COUNTS.contains(name)) {
            boolean count = value.isIntegralNumber() || value.asText().matches("\\d{1,18}");
            return count ? null : wrong(at, "TYPE_INT64", value);
        }
        return !NUMBERS.contains(name) || value.isNumber() ? null : wrong(at, "TYPE_DOUBLE", value);
    }

    private static boolean isType(JsonNode value) {
        return value.isTextual() && TYPES.contains(value.textValue().toUpperCase(Locale.ROOT));
    }

    private static @Nullable VendorError names(JsonNode value, Path at) {
        if (!value.isArray()) {
            return value.isTextual() ? null : wrong(at, "TYPE_STRING", value);
        }
        for (int i = 0; i < value.size(); i++) {
            if (!value.get(i).isTextual()) {
                return wrong(at.item(i), "TYPE_STRING", value.get(i));
            }
        }
        return null;
    }

    private static @Nullable VendorError list(JsonNode value, Path at, int depth) {
        if (!value.isArray()) {
            return check(value, at, depth);
        }
        for (int i = 0; i < value.size(); i++) {
            var error = check(value.get(i), at.item(i), depth);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable VendorError map(JsonNode value, Path at, int depth) {
        if (!value.isObject()) {
            return wrong(at, "map", value);
        }
        for (var entry : value.properties()) {
            var error = check(entry.getValue(), at.field(entry.getKey()), depth + 1);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable VendorError meaning(JsonNode schema, Path path) {
        var type = Trees.string(schema, "type", "").toUpperCase(Locale.ROOT);
        var format = Trees.string(schema, "format", "");
        var formats = FORMATS.getOrDefault(type, Set.of());
        if (!format.isEmpty() && !formats.isEmpty() && !formats.contains(format)) {
            return GeminiErrors.field(
                    path.field("format"),
                    "* GenerateContentRequest."
                            + GeminiErrors.written(path)
                            + ".format: only "
                            + formats.stream().sorted().toList()
                            + " are supported for "
                            + type
                            + " type");
        }
        if (type.equals("ARRAY") && !schema.path("items").isObject()) {
            return missing(path.field("items"));
        }
        if (type.isEmpty() && !schema.has("anyOf")) {
            return missing(path.field("type"));
        }
        if (schema.path("enum").size() > 0 && !type.equals("STRING") && !type.isEmpty()) {
            return GeminiErrors.field(
                    path.field("enum"),
                    "* GenerateContentRequest."
                            + GeminiErrors.written(path)
                            + ".enum: only allowed for STRING type");
        }
        return required(schema, path);
    }

    private static @Nullable VendorError required(JsonNode schema, Path path) {
        var required = schema.path("required");
        for (int i = 0; i < required.size(); i++) {
            if (!schema.path("properties").has(required.get(i).asText())) {
                return GeminiErrors.field(
                        path.field("required").item(i),
                        "* GenerateContentRequest."
                                + GeminiErrors.written(path.field("required").item(i))
                                + ": property is not defined");
            }
        }
        return null;
    }

    private static VendorError missing(Path path) {
        return GeminiErrors.field(
                path,
                "* GenerateContentRequest." + GeminiErrors.written(path) + ": missing field.");
    }

    private static VendorError wrong(Path path, String type, JsonNode got) {
        return GeminiErrors.field(
                path,
                "Invalid value at '" + GeminiErrors.written(path) + "' (" + type + "), " + got);
    }

    /** The schema's own fields by their JSON names, without nulls. */
    private static ObjectNode plain(JsonNode schema) {
        var plain = Trees.object();
        for (var entry : schema.properties()) {
            if (!entry.getValue().isNull()) {
                plain.set(ProtoJson.camel(entry.getKey()), entry.getValue());
            }
        }
        return plain;
    }

    /** A good schema as JSON Schema. */
    static JsonNode asJsonSchema(JsonNode schema) {
        var old = plain(schema);
        var json = old.deepCopy();
        json.remove("nullable");
        json.remove("propertyOrdering");
        var type = Trees.string(old, "type");
        if (type != null) {
            var lower = type.toLowerCase(Locale.ROOT);
            if (old.path("nullable").asBoolean()) {
                json.putArray("type").add(lower).add("null");
            } else {
                json.put("type", lower);
            }
        }
        COUNTS.stream()
                .filter(json::has)
                .forEach(count -> json.put(count, old.get(count).asLong()));
        if (old.path("items").isObject()) {
            json.set("items", asJsonSchema(old.get("items")));
        }
        if (old.path("anyOf").isArray()) {
            var branches = json.putArray("anyOf");
            old.get("anyOf").forEach(branch -> branches.add(asJsonSchema(branch)));
        }
        if (old.path("properties").isObject()) {
            var properties = json.putObject("properties");
            old.get("properties")
                    .properties()
                    .forEach(e -> properties.set(e.getKey(), asJsonSchema(e.getValue())));
        }
        return json;
    }
}

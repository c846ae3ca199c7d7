package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw.Kind;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a JSON value is a JSON Schema at all (draft 2020-12, the keywords in common use). */
public final class SchemaForm {
    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");
    private static final Set<String> MAPS =
            Set.of("properties", "$defs", "definitions", "patternProperties", "dependentSchemas");
    private static final Set<String> LISTS = Set.of("anyOf", "oneOf", "allOf", "prefixItems");
    private static final Set<String> SINGLES =
            Set.of(
                    "additionalProperties",
                    "not",
                    "if",
                    "then",
                    "else",
                    "contains",
                    "propertyNames");
    private static final Set<String> WORDS =
            Set.of("title", "description", "format", "pattern", "$ref", "$schema", "$id");
    private static final Set<String> NUMBERS =
            Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
    private static final Set<String> COUNTS =
            Set.of(
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "minProperties",
                    "maxProperties");

    private SchemaForm() {}

    public static @Nullable SchemaFlaw check(JsonNode schema, Path path) {
        if (schema.isBoolean()) {
            return null;
        }
        if (!schema.isObject()) {
            return new SchemaFlaw(Kind.MALFORMED, path, "schema");
        }
        for (var entry : schema.properties()) {
            var flaw = keyword(entry, path.field(entry.getKey()));
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    private static @Nullable SchemaFlaw keyword(Map.Entry<String, JsonNode> entry, Path at) {
        var value = entry.getValue();
        var name = entry.getKey();
        if (MAPS.contains(name)) {
            return map(value, at);
        }
        if (LISTS.contains(name)) {
            return value.isArray() && !value.isEmpty() ? list(value, at) : malformed(at);
        }
        if (SINGLES.contains(name)) {
            return check(value, at);
        }
        return right(name, value) ? nested(name, value, at) : malformed(at);
    }

    private static boolean right(String name, JsonNode value) {
        return switch (name) {
            case "type" -> isType(value);
            case "required" -> isNameSet(value);
            case "enum" -> value.isArray() && !value.isEmpty();
            case "items" -> value.isContainerNode() || value.isBoolean();
            case "uniqueItems" -> value.isBoolean();
            default -> rightWord(name, value);
        };
    }

    private static boolean rightWord(String name, JsonNode value) {
        if (WORDS.contains(name)) {
            return value.isTextual();
        }
        if (NUMBERS.contains(name)) {
            return value.isNumber();
        }
        return !COUNTS.contains(name) || (value.isNumber() && value.doubleValue() >= 0);
    }

    private static @Nullable SchemaFlaw nested(String name, JsonNode value, Path at) {
        if (!name.equals("items")) {
            return null;
        }
        return value.isArray() ? list(value, at) : check(value, at);
    }

    private static boolean isType(JsonNode value) {
        if (value.isTextual()) {
            return TYPES.contains(value.textValue());
        }
        if (!value.isArray() || value.isEmpty()) {
            return false;
        }
        var seen = new HashSet<String>();
        for (var item : value) {
            if (!item.isTextual()
                    || !TYPES.contains(item.textValue())
                    || !seen.add(item.asText())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNameSet(JsonNode value) {
        var seen = new HashSet<String>();
        for (var item : value) {
            if (!item.isTextual() || !seen.add(item.textValue())) {
                return false;
            }
        }
        return value.isArray();
    }

    private static @Nullable SchemaFlaw map(JsonNode value, Path at) {
        if (!value.isObject()) {
            return malformed(at);
        }
        for (var entry : value.properties()) {
            var flaw = check(entry.getValue(), at.field(entry.getKey()));
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    private static @Nullable SchemaFlaw list(JsonNode value, Path at) {
        for (int i = 0; i < value.size(); i++) {
            var flaw = check(value.get(i), at.item(i));
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    private static SchemaFlaw malformed(Path at) {
        return new SchemaFlaw(Kind.MALFORMED, at, at.segment());
    }
}

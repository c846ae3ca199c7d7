package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Checks a JSON value against a JSON Schema, as far as its keywords are known here; others hold.
 * Stops at the first break; bounded in depth and in the steps a pattern may take.
 */
public final class SchemaCheck {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_PATTERN_STEPS = 1_000_000;

    private final JsonNode root;

    private SchemaCheck(JsonNode root) {
        this.root = root;
    }

    /** Where and by which keyword the value breaks the schema; null when it does not. */
    public static @Nullable String firstBreak(JsonNode value, JsonNode schema) {
        return new SchemaCheck(schema).check(value, schema, "", 0);
    }

    private @Nullable String check(JsonNode value, JsonNode schema, String at, int depth) {
        if (depth > MAX_DEPTH) {
            return broken(at, "depth");
        }
        if (schema.isBoolean()) {
            return schema.booleanValue() ? null : broken(at, "false");
        }
        for (var entry : schema.properties()) {
            String found = keyword(entry.getKey(), entry.getValue(), value, schema, at, depth);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable String keyword(
            String name, JsonNode limit, JsonNode value, JsonNode schema, String at, int depth) {
        return switch (name) {
            case "$ref" -> ref(limit, value, at, depth);
            case "allOf", "anyOf", "oneOf" -> combined(name, limit, value, at, depth);
            case "properties" -> properties(limit, value, at, depth);
            case "additionalProperties" -> additional(limit, value, schema, at, depth);
            case "items" -> items(limit, value, at, depth);
            default -> holds(name, limit, value) ? null : broken(at, name);
        };
    }

    private static String broken(String at, String keyword) {
        return (at.isEmpty() ? "/" : at) + " breaks `" + keyword + "`";
    }

    private @Nullable String ref(JsonNode ref, JsonNode value, String at, int depth) {
        JsonNode target = resolve(root, ref.asText());
        return target == null ? null : check(value, target, at, depth + 1);
    }

    private @Nullable String combined(
            String name, JsonNode schemas, JsonNode value, String at, int depth) {
        int matches = 0;
        for (JsonNode schema : schemas) {
            matches += check(value, schema, at, depth + 1) == null ? 1 : 0;
        }
        boolean holds =
                switch (name) {
                    case "allOf" -> matches == schemas.size();
                    case "anyOf" -> matches > 0;
                    default -> matches == 1;
                };
        return holds ? null : broken(at, name);
    }

    private @Nullable String properties(JsonNode schemas, JsonNode value, String at, int depth) {
        for (var entry : schemas.properties()) {
            JsonNode member = value.get(entry.getKey());
            if (member != null) {
                String found =
                        check(member, entry.getValue(), at + "/" + entry.getKey(), depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable String additional(
            JsonNode limit, JsonNode value, JsonNode schema, String at, int depth) {
        for (var entry : value.properties()) {
            if (!schema.path("properties").has(entry.getKey())
                    && check(entry.getValue(), limit, at, depth + 1) != null) {
                return broken(at, "additionalProperties");
            }
        }
        return null;
    }

    private @Nullable String items(JsonNode schema, JsonNode value, String at, int depth) {
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                String found = check(value.get(i), schema, at + "/" + i, depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static boolean holds(String name, JsonNode limit, JsonNode value) {
        return switch (name) {
            case "type" -> hasType(limit, value);
            case "enum" -> contains(limit, value);
            case "const" -> same(limit, value);
            case "required" -> !value.isObject() || hasAll(limit, value);
            case "minLength" -> !value.isTextual() || length(value) >= limit.asLong();
            case "maxLength" -> !value.isTextual() || length(value) <= limit.asLong();
            case "pattern" -> !value.isTextual() || matches(limit.asText(), value.asText());
            case "minItems" -> !value.isArray() || value.size() >= limit.asLong();
            case "maxItems" -> !value.isArray() || value.size() <= limit.asLong();
            case "uniqueItems" -> !value.isArray() || !limit.asBoolean() || isUnique(value);
            case "minProperties" -> !value.isObject() || value.size() >= limit.asLong();
            case "maxProperties" -> !value.isObject() || value.size() <= limit.asLong();
            default -> !value.isNumber() || !limit.isNumber() || inBounds(name, limit, value);
        };
    }

    private static boolean inBounds(String name, JsonNode limit, JsonNode value) {
        int order = value.decimalValue().compareTo(limit.decimalValue());
        return switch (name) {
            case "minimum" -> order >= 0;
            case "maximum" -> order <= 0;
            case "exclusiveMinimum" -> order > 0;
            case "exclusiveMaximum" -> order < 0;
            case "multipleOf" -> isMultiple(value.decimalValue(), limit.decimalValue());
            default -> true;
        };
    }

    /** Numbers with huge exponents say nothing: dividing them would take forever. */
    private static boolean isMultiple(BigDecimal value, BigDecimal of) {
        boolean huge = Math.abs((long) value.scale()) > 400 || Math.abs((long) of.scale()) > 400;
        return huge || of.signum() == 0 || value.remainder(of).signum() == 0;
    }

    private static boolean hasType(JsonNode type, JsonNode value) {
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (hasType(one, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "number" -> value.isNumber();
            case "integer" ->
                    value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> true;
        };
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode item : list) {
            if (same(item, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(JsonNode a, JsonNode b) {
        boolean numbers = a.isNumber() && b.isNumber();
        return numbers ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    private static boolean hasAll(JsonNode names, JsonNode value) {
        for (JsonNode name : names) {
            if (!value.has(name.asText())) {
                return false;
            }
        }
        return true;
    }

    private static long length(JsonNode text) {
        return text.asText().codePointCount(0, text.asText().length());
    }

    private static boolean isUnique(JsonNode list) {
        Set<String> seen = new HashSet<>();
        for (JsonNode item : list) {
            if (!seen.add(Json.text(item))) {
                return false;
            }
        }
        return true;
    }

    /** A pattern that Java can't read, or that runs away on this text, says nothing. */
    private static boolean matches(String pattern, String text) {
        try {
            return Pattern.compile(pattern).matcher(new Counted(text, new Steps())).find();
        } catch (PatternSyntaxException | RunAway e) {
            return true;
        }
    }

    private static final class RunAway extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RunAway() {
            super("too many steps", null, false, false);
        }
    }

    /** How often texts have been looked at. */
    private static final class Steps {
        private int count;

        void next() {
            if (++count > MAX_PATTERN_STEPS) {
                throw new RunAway();
            }
        }
    }

    /** A text that counts how often it is looked at. */
    private record Counted(CharSequence text, Steps steps) implements CharSequence {
        @Override
        public char charAt(int index) {
            steps.next();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), steps);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    /** What a local reference names; null where there is nothing. */
    public static @Nullable JsonNode resolve(JsonNode root, String ref) {
        if (ref.equals("#")) {
            return root;
        }
        if (!ref.startsWith("#/")) {
            return null;
        }
        JsonNode found = root.at(ref.substring(1));
        return found.isMissingNode() ? null : found;
    }
}

package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks a well-formed schema and compares it with the {@link SchemaRules} of a vendor. */
public final class SchemaSubset {
    private final SchemaRules rules;
    private final JsonNode root;
    private final Deque<String> openRefs = new ArrayDeque<>();
    private int optional;
    private int properties;
    private int enumValues;

    private SchemaSubset(SchemaRules rules, JsonNode root) {
        this.rules = rules;
        this.root = root;
    }

    /** The first flaw, or null; {@code path} is where the schema stands in the request. */
    public static @Nullable SchemaFlaw check(JsonNode schema, SchemaRules rules, Path path) {
        var walk = new SchemaSubset(rules, schema);
        var flaw = walk.visit(schema, path, 0);
        return flaw != null ? flaw : walk.totals(path);
    }

    /** How many properties of the schema may be left out. */
    public static int optionalProperties(JsonNode schema, SchemaRules rules) {
        var walk = new SchemaSubset(rules, schema);
        return walk.visit(schema, Path.ROOT, 0) == null ? walk.optional : 0;
    }

    private @Nullable SchemaFlaw totals(Path path) {
        if (optional > rules.maxOptional()) {
            return new SchemaFlaw(Kind.TOO_MANY_OPTIONAL, path, Integer.toString(optional));
        }
        if (properties > rules.maxProperties()) {
            return new SchemaFlaw(Kind.TOO_MANY_PROPERTIES, path, Integer.toString(properties));
        }
        return enumValues > rules.maxEnumValues()
                ? new SchemaFlaw(Kind.TOO_MANY_ENUM_VALUES, path, Integer.toString(enumValues))
                : null;
    }

    private @Nullable SchemaFlaw visit(JsonNode schema, Path path, int depth) {
        if (!schema.isObject()) {
            return null;
        }
        if (depth > rules.maxDepth()) {
            return new SchemaFlaw(Kind.TOO_DEEP, path, Integer.toString(depth));
        }
        var flaw = own(schema, path);
        return flaw != null ? flaw : inside(schema, path, depth);
    }

    private @Nullable SchemaFlaw own(JsonNode schema, Path path) {
        for (var names = schema.fieldNames(); names.hasNext(); ) {
            var name = names.next();
            if (rules.refused().contains(name)) {
                return new SchemaFlaw(Kind.KEYWORD, path, name);
            }
        }
        enumValues += schema.path("enum").size();
        var format = Trees.string(schema, "format");
        if (format != null && !rules.formats().isEmpty() && !rules.formats().contains(format)) {
            return new SchemaFlaw(Kind.FORMAT, path, format);
        }
        if (schema.path("minItems").asInt() > rules.maxMinItems()) {
            return new SchemaFlaw(Kind.MIN_ITEMS, path, schema.path("minItems").asText());
        }
        return isObject(schema) ? object(schema, path) : null;
    }

    private static boolean isObject(JsonNode schema) {
        var type = schema.path("type");
        var named = type.asText().equals("object");
        for (var item : type) {
            named |= item.asText().equals("object");
        }
        return named || schema.has("properties");
    }

    private @Nullable SchemaFlaw object(JsonNode schema, Path path) {
        var additional = schema.get("additionalProperties");
        if (additional == null || !additional.isBoolean() || additional.booleanValue()) {
            return new SchemaFlaw(Kind.OPEN_OBJECT, path, "additionalProperties");
        }
        var required = new ArrayList<String>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (var names = schema.path("properties").fieldNames(); names.hasNext(); ) {
            var name = names.next();
            properties++;
            if (!required.contains(name)) {
                optional++;
                if (rules.allRequired()) {
                    return new SchemaFlaw(Kind.NOT_REQUIRED, path, name);
                }
            }
        }
        return null;
    }

    private @Nullable SchemaFlaw inside(JsonNode schema, Path path, int depth) {
        var flaw = reference(schema, path, depth);
        if (flaw != null) {
            return flaw;
        }
        for (var keyword : List.of("properties", "$defs", "definitions")) {
            for (var entry : schema.path(keyword).properties()) {
                var at = path.field(keyword).field(entry.getKey());
                flaw = visit(entry.getValue(), at, depth + (keyword.equals("properties") ? 1 : 0));
                if (flaw != null) {
                    return flaw;
                }
            }
        }
        return lists(schema, path, depth);
    }

    private @Nullable SchemaFlaw lists(JsonNode schema, Path path, int depth) {
        for (var keyword : List.of("anyOf", "oneOf", "allOf", "items", "prefixItems")) {
            var value = schema.path(keyword);
            if (value.isObject()) {
                var flaw = visit(value, path.field(keyword), depth + 1);
                if (flaw != null) {
                    return flaw;
                }
            }
            for (int i = 0; value.isArray() && i < value.size(); i++) {
                var flaw = visit(value.get(i), path.field(keyword).item(i), depth);
                if (flaw != null) {
                    return flaw;
                }
            }
        }
        return null;
    }

    private @Nullable SchemaFlaw reference(JsonNode schema, Path path, int depth) {
        var ref = Trees.string(schema, "$ref");
        if (ref == null) {
            return null;
        }
        if (!ref.startsWith("#") || root.at(ref.substring(1)).isMissingNode()) {
            return new SchemaFlaw(Kind.DANGLING_REF, path, ref);
        }
        if (rules.recursion()) {
            return null;
        }
        if (openRefs.contains(ref)) {
            return new SchemaFlaw(Kind.RECURSION, path, ref);
        }
        openRefs.push(ref);
        // The definitions themselves are counted where they stand; this walk only looks for a loop.
        var counted = new int[] {optional, properties, enumValues};
        var flaw = visit(root.at(ref.substring(1)), path, depth);
        optional = counted[0];
        properties = counted[1];
        enumValues = counted[2];
        openRefs.pop();
        return flaw;
    }
}

package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw.Kind;
import dev.pillion.sidecar.simulate.kit.SchemaForm;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of JSON Schema that {@code parametersJsonSchema} and {@code responseJsonSchema} take.
 * Some keywords are ignored by the vendor; those that would change which values are valid in a way
 * that nothing expresses are refused.
 */
final class JsonSchemaRules {
    private static final Set<String> REFUSED =
            Set.of(
                    "allOf",
                    "not",
                    "if",
                    "then",
                    "else",
                    "patternProperties",
                    "dependentSchemas",
                    "dependentRequired",
                    "dependencies",
                    "contains",
                    "minContains",
                    "maxContains",
                    "propertyNames",
                    "unevaluatedItems",
                    "unevaluatedProperties");

    private final JsonNode root;

    private JsonSchemaRules(JsonNode root) {
        this.root = root;
    }

    static @Nullable VendorError check(JsonNode schema, Path path) {
        if (!schema.isObject()) {
            return GeminiErrors.of(new SchemaFlaw(Kind.MALFORMED, path, "not an object"));
        }
        var malformed = SchemaForm.check(schema, path);
        var flaw = malformed != null ? malformed : new JsonSchemaRules(schema).visit(schema, path);
        return flaw == null ? null : GeminiErrors.of(flaw);
    }

    private @Nullable SchemaFlaw visit(JsonNode schema, Path path) {
        for (var entry : schema.properties()) {
            if (REFUSED.contains(entry.getKey())) {
                return new SchemaFlaw(Kind.KEYWORD, path.field(entry.getKey()), entry.getKey());
            }
        }
        var flaw = reference(schema, path, true);
        return flaw != null ? flaw : inside(schema, path);
    }

    /** A reference has to lead somewhere, and back to itself only by what may be left out. */
    private @Nullable SchemaFlaw reference(JsonNode schema, Path path, boolean required) {
        var ref = Trees.string(schema, "$ref");
        if (ref == null || ref.equals("#")) {
            return null;
        }
        if (!ref.startsWith("#/") || root.at(ref.substring(1)).isMissingNode()) {
            return new SchemaFlaw(Kind.DANGLING_REF, path, ref);
        }
        boolean endless =
                required && endless(root.at(ref.substring(1)), new HashSet<>(Set.of(ref)));
        return endless ? new SchemaFlaw(Kind.RECURSION, path, ref) : null;
    }

    private boolean endless(JsonNode schema, Set<String> open) {
        for (var name : schema.path("required")) {
            var ref = Trees.string(schema.path("properties").path(name.asText()), "$ref");
            if (ref == null || !ref.startsWith("#/")) {
                continue;
            }
            if (!open.add(ref) || endless(root.at(ref.substring(1)), open)) {
                return true;
            }
            open.remove(ref);
        }
        return false;
    }

    private @Nullable SchemaFlaw inside(JsonNode schema, Path path) {
        for (var keyword : List.of("properties", "$defs", "definitions")) {
            for (var entry : schema.path(keyword).properties()) {
                var flaw = visit(entry.getValue(), path.field(keyword).field(entry.getKey()));
                if (flaw != null) {
                    return flaw;
                }
            }
        }
        for (var keyword : List.of("anyOf", "oneOf", "items", "prefixItems")) {
            var value = schema.path(keyword);
            var flaw = value.isObject() ? visit(value, path.field(keyword)) : null;
            for (int i = 0; flaw == null && value.isArray() && i < value.size(); i++) {
                flaw = visit(value.get(i), path.field(keyword).item(i));
            }
            if (flaw != null) {
                return flaw;
            }
        }
        var extra = schema.path("additionalProperties");
        return extra.isObject() ? visit(extra, path.field("additionalProperties")) : null;
    }
}

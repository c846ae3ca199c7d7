package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw;
import dev.pillion.sidecar.simulate.kit.SchemaForm;
import dev.pillion.sidecar.simulate.kit.SchemaRules;
import dev.pillion.sidecar.simulate.kit.SchemaSubset;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The schemas of functions and answers, strict and not. */
final class Schemas {
    private static final SchemaRules STRICT =
            new SchemaRules(
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
                            "patternProperties"),
                    true,
                    Set.of(),
                    true,
                    Integer.MAX_VALUE,
                    0,
                    5_000,
                    1_000,
                    10);

    private Schemas() {}

    static @Nullable VendorError parameters(JsonNode function, boolean strict, String param) {
        var subject = "function '" + function.path("name").asText() + "'";
        var flaw = flaw(function.path("parameters"), strict);
        return flaw == null
                ? null
                : OpenAiErrors.of(flaw, subject, param, "invalid_function_parameters");
    }

    static @Nullable SchemaFlaw flaw(JsonNode schema, boolean strict) {
        var malformed = SchemaForm.check(schema, Path.ROOT);
        if (malformed != null) {
            return malformed;
        }
        var type = schema.path("type").asText("None");
        boolean empty = schema.isEmpty() && !strict;
        if (!type.equals("object") && !empty) {
            return new SchemaFlaw(
                    SchemaFlaw.Kind.ROOT_NOT_OBJECT, Path.ROOT, "type: \"" + type + "\"");
        }
        return strict ? SchemaSubset.check(schema, STRICT, Path.ROOT) : null;
    }
}

package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.SchemaFlaw;
import dev.pillion.sidecar.simulate.kit.SchemaForm;
import dev.pillion.sidecar.simulate.kit.SchemaRules;
import dev.pillion.sidecar.simulate.kit.SchemaSubset;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Schemas: of any tool, and the part of JSON Schema that constrained answers take. */
final class SchemaRulesOfTools {
    static final int MAX_OPTIONAL = 24;
    static final SchemaRules CONSTRAINED =
            new SchemaRules(
                    Set.of(
                            "minimum",
                            "maximum",
                            "exclusiveMinimum",
                            "exclusiveMaximum",
                            "multipleOf",
                            "minLength",
                            "maxLength",
                            "maxItems",
                            "uniqueItems",
                            "minProperties",
                            "maxProperties",
                            "oneOf",
                            "not",
                            "if",
                            "then",
                            "else",
                            "patternProperties",
                            "dependentSchemas"),
                    false,
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
                            "uuid"),
                    false,
                    1,
                    MAX_OPTIONAL,
                    10_000,
                    10_000,
                    64);

    private SchemaRulesOfTools() {}

    static @Nullable VendorError answer(JsonNode schema, boolean oldSpelling) {
        var path =
                oldSpelling
                        ? Path.ROOT.field("output_format").field("schema")
                        : Path.ROOT.field("output_config").field("format").field("schema");
        return words(constrained(schema, path));
    }

    static @Nullable VendorError tool(JsonNode tool, int index) {
        var path = Path.ROOT.field("tools").item(index).field("custom").field("input_schema");
        var schema = tool.path("input_schema");
        var type = schema.get("type");
        if (type == null) {
            return AnthropicErrors.invalid(path.field("type").dotted() + ": Field required");
        }
        if (!type.asText().equals("object")) {
            return AnthropicErrors.invalid(path.dotted() + ".type: Input should be 'object'");
        }
        return words(
                tool.path("strict").asBoolean()
                        ? constrained(schema, path)
                        : SchemaForm.check(schema, path));
    }

    private static @Nullable SchemaFlaw constrained(JsonNode schema, Path path) {
        var malformed = SchemaForm.check(schema, path);
        return malformed != null ? malformed : SchemaSubset.check(schema, CONSTRAINED, path);
    }

    private static @Nullable VendorError words(@Nullable SchemaFlaw flaw) {
        return flaw == null ? null : AnthropicErrors.of(flaw);
    }
}

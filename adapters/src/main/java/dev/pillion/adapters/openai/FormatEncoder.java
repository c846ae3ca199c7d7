package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.Output;
import org.jspecify.annotations.Nullable;

/**
 * Renders {@code response_format}. A schema is sent strict where it lies in the strict subset and
 * the caller did not say otherwise; outside of it the vendor is told to try its best, unless the
 * caller insisted.
 */
public final class FormatEncoder {
    /** The name of a schema that has none. */
    private static final String NAME = "answer";

    private FormatEncoder() {}

    static void encode(Output.Format format, Quirks quirks, Losses losses, ObjectNode body) {
        switch (format) {
            case Output.Format.Text _ -> {}
            case Output.Format.Json _ ->
                    body.putObject("response_format").put("type", "json_object");
            case Output.Format.Schema schema -> {
                ObjectNode target = body.putObject("response_format");
                target.put("type", "json_schema");
                schema(schema, quirks, losses, target.putObject("json_schema"));
            }
        }
    }

    private static void schema(
            Output.Format.Schema schema, Quirks quirks, Losses losses, ObjectNode target) {
        target.put("name", schema.name() == null ? NAME : schema.name());
        if (schema.description() != null) {
            target.put("description", schema.description());
        }
        target.set("schema", schema.schema());
        target.put("strict", strict(schema, quirks, losses));
    }

    private static boolean strict(Output.Format.Schema schema, Quirks quirks, Losses losses) {
        if (Boolean.FALSE.equals(schema.strict())) {
            return false;
        }
        if (!quirks.strictSubset()) {
            return true; // A server that guides its decoding by the schema takes any.
        }
        StrictSchema.Problem problem = StrictSchema.problem(schema.schema());
        return insist(problem, schema.strict(), "/output/schema", losses);
    }

    /** Whether to send {@code strict: true}; refused by the keyword's name where it can't be. */
    public static boolean insist(
            StrictSchema.@Nullable Problem problem,
            @Nullable Boolean asked,
            String pointer,
            Losses losses) {
        if (problem == null) {
            return true;
        }
        if (Boolean.TRUE.equals(asked)) {
            losses.lose(
                    pointer + problem.pointer(),
                    problem.what() + " is outside of the strict subset of JSON Schema");
        }
        return false;
    }
}

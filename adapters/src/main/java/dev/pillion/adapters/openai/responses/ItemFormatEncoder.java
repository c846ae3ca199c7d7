package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.openai.FormatEncoder;
import dev.pillion.adapters.openai.StrictSchema;
import dev.pillion.protocol.chat.Output;

/**
 * Renders {@code text.format}. A schema is sent strict where it lies in the strict subset and the
 * caller did not say otherwise; outside of it the vendor is told to try its best and the answer is
 * checked here, unless the caller insisted.
 */
final class ItemFormatEncoder {
    /** The name of a schema that has none. */
    private static final String NAME = "answer";

    private ItemFormatEncoder() {}

    static void encode(
            Output.Format format, ResponsesQuirks quirks, Losses losses, ObjectNode body) {
        switch (format) {
            case Output.Format.Text _ -> {}
            case Output.Format.Json _ ->
                    body.putObject("text").putObject("format").put("type", "json_object");
            case Output.Format.Schema schema -> {
                ObjectNode target = body.putObject("text").putObject("format");
                target.put("type", "json_schema");
                target.put("name", schema.name() == null ? NAME : schema.name());
                if (schema.description() != null) {
                    target.put("description", schema.description());
                }
                target.set("schema", schema.schema());
                target.put("strict", strict(schema, quirks, losses));
            }
        }
    }

    private static boolean strict(
            Output.Format.Schema schema, ResponsesQuirks quirks, Losses losses) {
        if (Boolean.FALSE.equals(schema.strict())) {
            return false;
        }
        return !quirks.strictSubset()
                || FormatEncoder.insist(
                        StrictSchema.problem(schema.schema()),
                        schema.strict(),
                        "/output/schema",
                        losses);
    }
}

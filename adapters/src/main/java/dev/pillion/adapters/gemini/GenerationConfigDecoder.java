package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Sampling;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decodes {@code generationConfig}. What says only what is so anyway is a hint, which other vendors
 * go without; what the uniform form has no word for stays raw, and binds.
 */
final class GenerationConfigDecoder {
    static final String JSON_TYPE = "application/json";

    private Output output = Output.DEFAULT;
    private Sampling sampling = Sampling.DEFAULT;
    private @Nullable Effort effort;
    private boolean thoughts;
    private final ObjectNode hints = Json.object();
    private ObjectNode rest = Json.object();

    Output output() {
        return output;
    }

    Sampling sampling() {
        return sampling;
    }

    @Nullable Effort effort() {
        return effort;
    }

    /** Whether the client wants to see thinking. */
    boolean thoughts() {
        return thoughts;
    }

    ObjectNode hints() {
        return hints;
    }

    ObjectNode rest() {
        return rest;
    }

    void decode(GeminiObject config) {
        sampling =
                new Sampling(
                        config.decimal("temperature"),
                        config.decimal("topP"),
                        config.integer("seed", Integer.MIN_VALUE, Integer.MAX_VALUE));
        Long most = config.integer("maxOutputTokens", 0, Integer.MAX_VALUE);
        output =
                new Output(
                        most == null || most == 0 ? null : most.intValue(),
                        format(config),
                        config.texts("stopSequences"));
        GeminiObject thinking = config.object("thinkingConfig");
        if (thinking != null) {
            thinking(thinking);
        }
        candidates(config);
        ObjectNode unread = config.rest();
        for (String name : config.unread()) {
            JsonNode value = unread.path(name);
            (isDefault(name, value) ? hints : rest).set(name, value);
        }
    }

    private static void candidates(GeminiObject config) {
        Long count = config.integer("candidateCount", 0, Integer.MAX_VALUE);
        if (count != null && count > 1) {
            String at = config.at("candidateCount");
            throw Fault.unsupported(at + ": more than one answer to a request", at).asException();
        }
    }

    /** A schema goes back to the vendor in the words of its client. */
    private Output.Format format(GeminiObject config) {
        String type = config.peek("responseMimeType");
        boolean json = JSON_TYPE.equals(type);
        if (type != null && !json && !type.equals("text/plain") && !type.isEmpty()) {
            // Such as text/x.enum: its schema is no JSON's, and stays raw beside it.
            return new Output.Format.Text();
        }
        config.get("responseMimeType");
        ObjectNode schema = config.raw("responseJsonSchema");
        ObjectNode older = config.raw("responseSchema");
        if (schema != null && older != null) {
            throw GeminiObject.wrong(
                    older, config.at("responseSchema"), "none beside responseJsonSchema");
        }
        if (schema == null && older == null) {
            return json ? new Output.Format.Json() : new Output.Format.Text();
        }
        ObjectNode wanted = older == null ? schema : OpenApiSchema.toJsonSchema(older);
        hints.put("responseMimeType", type == null || type.isEmpty() ? JSON_TYPE : type);
        hints.set(older == null ? "responseJsonSchema" : "responseSchema", wantedAs(older, schema));
        return new Output.Format.Schema(wanted == null ? Json.object() : wanted, null, null, null);
    }

    private static JsonNode wantedAs(@Nullable ObjectNode older, @Nullable ObjectNode schema) {
        ObjectNode said = older == null ? schema : older;
        return said == null ? Json.object() : said;
    }

    private void thinking(GeminiObject thinking) {
        String level = thinking.text("thinkingLevel");
        Long budget = thinking.integer("thinkingBudget", -1, Integer.MAX_VALUE);
        if (level != null && !level.isEmpty() && budget != null) {
            throw GeminiObject.wrong(
                    thinking.get("thinkingBudget"),
                    thinking.at("thinkingBudget"),
                    "none beside thinkingLevel");
        }
        ObjectNode own = Json.object();
        if (level != null && !level.isEmpty()) {
            effort = ofLevel(level, thinking.at("thinkingLevel"));
            own.put("thinkingLevel", level);
        } else if (budget != null) {
            effort = ofBudget(budget);
            own.put("thinkingBudget", budget);
        }
        if (thinking.has("includeThoughts")) {
            thoughts = thinking.flag("includeThoughts");
            own.put("includeThoughts", thoughts);
        }
        if (!own.isEmpty()) {
            hints.set("thinkingConfig", own);
        }
        ObjectNode unread = thinking.rest();
        if (!unread.isEmpty()) {
            rest.set("thinkingConfig", unread);
        }
    }

    static @Nullable Effort ofLevel(String level, String at) {
        String word = level.toLowerCase(Locale.ROOT);
        for (Effort each : Effort.values()) {
            if (each != Effort.OFF && each.wire().equals(word)) {
                return each;
            }
        }
        if (word.equals("thinking_level_unspecified")) {
            return null;
        }
        throw Fault.invalid(
                        at
                                + ": "
                                + GeminiObject.bounded(level)
                                + " (expected: MINIMAL, LOW, MEDIUM, HIGH or XHIGH)",
                        at)
                .asException();
    }

    /**
     * The table of budgets in tokens, each level up to the number; -1 leaves it to the model. Low
     * to high are those of Google's own OpenAI-compatible surface.
     */
    static @Nullable Effort ofBudget(long tokens) {
        if (tokens < 0) {
            return null;
        }
        if (tokens == 0) {
            return Effort.OFF;
        }
        if (tokens <= 512) {
            return Effort.MINIMAL;
        }
        if (tokens <= 1_024) {
            return Effort.LOW;
        }
        if (tokens <= 8_192) {
            return Effort.MEDIUM;
        }
        return tokens <= 24_576 ? Effort.HIGH : Effort.XHIGH;
    }

    private static boolean isDefault(String name, JsonNode value) {
        return switch (name) {
            case "presencePenalty", "frequencyPenalty" -> value.asDouble(1) == 0;
            case "responseLogprobs", "enableEnhancedCivicAnswers", "audioTimestamp" ->
                    value.isBoolean() && !value.booleanValue();
            case "responseModalities" ->
                    value.isEmpty()
                            || (value.size() == 1
                                    && value.path(0).asText().equalsIgnoreCase("TEXT"));
            case "mediaResolution" -> value.asText().equals("MEDIA_RESOLUTION_UNSPECIFIED");
            default -> false;
        };
    }
}

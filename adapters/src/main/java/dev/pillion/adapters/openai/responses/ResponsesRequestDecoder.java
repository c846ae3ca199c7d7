package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Budget;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.chat.Sampling;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one Responses request. What the uniform form has no word for stays raw: hints and
 * explicit defaults in {@code vendor.openai}, everything else, state at the vendor above all, in
 * the request's extras, so that others refuse it by name.
 */
final class ResponsesRequestDecoder {
    private @Nullable String model;
    private @Nullable JsonNode input;
    private final InputDecoder items = new InputDecoder();
    private final SurfaceTools tools = new SurfaceTools();
    private @Nullable Boolean parallelTools;
    private @Nullable Integer maxOutputTokens;
    private Output.Format format = new Output.Format.Text();
    private @Nullable Effort effort;
    private boolean thinkingShown;
    private @Nullable BigDecimal temperature;
    private @Nullable BigDecimal topP;
    private @Nullable Long seed;
    private boolean stream;
    private final ObjectNode hints = Json.object();
    private final ObjectNode extras = Json.object();

    private ResponsesRequestDecoder() {}

    static ChatRequest decode(Surface client) {
        JsonNode body = client.wellFormed();
        var decoder = new ResponsesRequestDecoder();
        for (Map.Entry<String, JsonNode> field : Fields.object(body, "").properties()) {
            if (!field.getValue().isNull()) {
                decoder.field(field.getKey(), field.getValue());
            }
        }
        return decoder.request();
    }

    private void field(String name, JsonNode value) {
        String at = "/" + name;
        switch (name) {
            case "model" -> model = Fields.string(value, at);
            case "input" -> input = value;
            case "instructions" -> items.instructions(Fields.string(value, at));
            case "stream" -> stream = Fields.bool(value, at);
            case "stream_options" -> Fields.object(value, at);
            case "max_output_tokens" -> maxOutputTokens = Fields.positive(value, at);
            case "temperature" -> temperature = Fields.decimal(value, at);
            case "top_p" -> topP = Fields.decimal(value, at);
            case "seed" -> seed = Fields.integer(value, at);
            case "reasoning" -> reasoning(Fields.object(value, at), at);
            case "text" -> text(Fields.object(value, at), at);
            case "tools" -> tools.tools(Fields.array(value, at), at);
            case "tool_choice" -> tools.choice(value, at, extras);
            case "parallel_tool_calls" -> parallelTools = Fields.bool(value, at);
            default -> (SurfaceFields.isHint(name, value) ? hints : extras).set(name, value);
        }
    }

    private void reasoning(ObjectNode value, String at) {
        String word = Fields.stringOrNull(value, "effort", at);
        if (word != null) {
            effort = effort(value, at + "/effort", word);
        }
        // Whoever answers is to show its thinking then.
        thinkingShown = value.hasNonNull("summary") || value.hasNonNull("generate_summary");
        SurfaceFields.split("reasoning", Fields.unknown(value, Set.of("effort")), hints, extras);
    }

    private static Effort effort(ObjectNode value, String at, String word) {
        if (word.equals("none")) {
            return Effort.OFF;
        }
        for (Effort level : Effort.values()) {
            if (level != Effort.OFF && level.wire().equals(word)) {
                return level;
            }
        }
        throw Fields.wrong(
                value.get("effort"), at, "one of none, minimal, low, medium, high, xhigh, max");
    }

    private void text(ObjectNode value, String at) {
        JsonNode wanted = value.get("format");
        ObjectNode rest = Fields.unknown(value, Set.of("format"));
        if (wanted != null && !wanted.isNull()) {
            ObjectNode spec = Fields.object(wanted, at + "/format");
            Output.Format known = format(spec, at + "/format");
            if (known == null) {
                rest.set("format", spec);
            } else {
                format = known;
            }
        }
        SurfaceFields.split("text", rest, hints, extras);
    }

    /** The form of the answer's text; null where it is a newer one. */
    private static Output.@Nullable Format format(ObjectNode spec, String at) {
        return switch (Fields.string(spec.get("type"), at + "/type")) {
            case "text" -> new Output.Format.Text();
            case "json_object" -> new Output.Format.Json();
            case "json_schema" -> schema(spec, at);
            default -> null;
        };
    }

    private static Output.Format schema(ObjectNode spec, String at) {
        JsonNode schema = spec.get("schema");
        JsonNode strict = spec.get("strict");
        return new Output.Format.Schema(
                schema == null || schema.isNull()
                        ? Json.object()
                        : Fields.object(schema, at + "/schema"),
                Fields.string(spec.get("name"), at + "/name"),
                Fields.stringOrNull(spec, "description", at),
                // The surface's default, said aloud: elsewhere the default differs.
                strict != null && !strict.isNull() && Fields.bool(strict, at + "/strict"));
    }

    private ChatRequest request() {
        if (input == null && !SurfaceFields.bringsInput(extras)) {
            throw Fields.wrong(null, "/input", "a string or an array of items");
        }
        if (input != null) {
            items.decode(input);
        }
        if (items.messages().isEmpty()
                && items.system().isEmpty()
                && !SurfaceFields.bringsInput(extras)) {
            throw Fields.wrong(input, "/input", "at least one item");
        }
        return new ChatRequest(
                model,
                null,
                thinkingShown ? Set.of(Need.THINKING) : Set.of(),
                items.system(),
                items.messages(),
                tools.tools(),
                tools.choice(),
                parallelTools,
                new Output(maxOutputTokens, format, List.of()),
                effort,
                new Sampling(temperature, topP, seed),
                tools.webSearch(),
                Budget.NONE,
                RouteWish.DEFAULT,
                false,
                hints.isEmpty() ? Map.of() : Map.of(Marks.SPEAKS, hints),
                Map.of(),
                stream,
                Extras.of(Marks.SPEAKS, extras));
    }
}

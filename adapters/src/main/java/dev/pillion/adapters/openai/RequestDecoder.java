package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.Budget;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.chat.Sampling;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one Chat Completions request. What the uniform form has no word for stays raw: hints and
 * explicit defaults in {@code vendor.openai}, everything else in the request's extras.
 */
final class RequestDecoder {
    /** Say how to cache, never what to answer. */
    private static final Set<String> HINTS =
            Set.of("prompt_cache_key", "prompt_cache_options", "prompt_cache_retention");

    private @Nullable String model;
    private MessagesDecoder messages = new MessagesDecoder();
    private List<Tool> tools = List.of();
    private @Nullable ToolChoice toolChoice;
    private @Nullable Boolean parallelTools;
    private @Nullable Integer maxCompletionTokens;
    private @Nullable Integer maxTokens;
    private Output.Format format = new Output.Format.Text();
    private List<String> stop = List.of();
    private @Nullable Effort effort;
    private @Nullable BigDecimal temperature;
    private @Nullable BigDecimal topP;
    private @Nullable Long seed;
    private @Nullable WebSearch webSearch;
    private boolean stream;
    private boolean messagesSeen;
    private final ObjectNode hints = Json.object();
    private final ObjectNode extras = Json.object();

    private RequestDecoder() {}

    static ChatRequest decode(Surface client) {
        JsonNode body = client.wellFormed();
        var decoder = new RequestDecoder();
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
            case "messages" -> {
                messagesSeen = true;
                messages.decode(Fields.array(value, at));
            }
            case "stream" -> stream = Fields.bool(value, at);
            case "stream_options" -> Fields.object(value, at);
            case "max_completion_tokens" -> maxCompletionTokens = Fields.positive(value, at);
            case "max_tokens" -> maxTokens = Fields.positive(value, at);
            case "stop" -> stop = stops(value, at);
            case "temperature" -> temperature = Fields.decimal(value, at);
            case "top_p" -> topP = Fields.decimal(value, at);
            case "seed" -> seed = Fields.integer(value, at);
            case "reasoning_effort" -> effort = effort(value, at);
            case "response_format" -> responseFormat(Fields.object(value, at), at);
            default -> toolField(name, value, at);
        }
    }

    private void toolField(String name, JsonNode value, String at) {
        switch (name) {
            case "tools" -> tools = join(tools, ToolsDecoder.tools(Fields.array(value, at), at));
            case "functions" ->
                    tools = join(tools, ToolsDecoder.functions(Fields.array(value, at), at));
            case "tool_choice", "function_call" -> toolChoice = ToolsDecoder.choice(value, at);
            case "parallel_tool_calls" -> parallelTools = Fields.bool(value, at);
            case SearchOptions.FIELD -> webSearch = SearchOptions.decode(value, at);
            default -> raw(name, value);
        }
    }

    private void raw(String name, JsonNode value) {
        (HINTS.contains(name) || isDefault(name, value) ? hints : extras).set(name, value);
    }

    private static boolean isDefault(String name, JsonNode value) {
        return switch (name) {
            case "n" -> value.isNumber() && value.asDouble() == 1;
            case "logprobs", "store" -> value.isBoolean() && !value.booleanValue();
            case "frequency_penalty", "presence_penalty" ->
                    value.isNumber() && value.asDouble() == 0;
            case "logit_bias" -> value.isObject() && value.isEmpty();
            case "service_tier" ->
                    value.asText().equals("auto") || value.asText().equals("default");
            case "modalities" -> value.size() == 1 && value.path(0).asText().equals("text");
            default -> false;
        };
    }

    private static List<Tool> join(List<Tool> first, List<Tool> second) {
        List<Tool> all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    private static List<String> stops(JsonNode value, String at) {
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode stop : Fields.array(value, at)) {
            stops.add(Fields.string(stop, at + "/" + stops.size()));
        }
        return List.copyOf(stops);
    }

    private static Effort effort(JsonNode value, String at) {
        String word = Fields.string(value, at);
        if (word.equals("none")) {
            return Effort.OFF;
        }
        for (Effort level : Effort.values()) {
            if (level != Effort.OFF && level.wire().equals(word)) {
                return level;
            }
        }
        throw Fields.wrong(
                value,
                at,
                "one of none, minimal, low, medium, high, xhigh, max; got " + shown(word));
    }

    private static String shown(String word) {
        String bounded = word.length() <= 40 ? word : word.substring(0, 40);
        return '"' + bounded.toLowerCase(Locale.ROOT) + '"';
    }

    private void responseFormat(ObjectNode value, String at) {
        String type = Fields.string(value.get("type"), at + "/type");
        switch (type) {
            case "text" -> format = new Output.Format.Text();
            case "json_object" -> format = new Output.Format.Json();
            case "json_schema" -> format = schema(value, at + "/json_schema");
            default -> extras.set("response_format", value);
        }
    }

    private static Output.Format schema(ObjectNode value, String at) {
        ObjectNode spec = Fields.object(value.path("json_schema"), at);
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
        if (!messagesSeen) {
            throw Fields.wrong(null, "/messages", "an array");
        }
        return new ChatRequest(
                model,
                null,
                Set.of(),
                messages.system(),
                messages.messages(),
                tools,
                toolChoice,
                parallelTools,
                new Output(
                        maxCompletionTokens == null ? maxTokens : maxCompletionTokens,
                        format,
                        stop),
                effort,
                new Sampling(temperature, topP, seed),
                webSearch,
                Budget.NONE,
                RouteWish.DEFAULT,
                false,
                hints.isEmpty() ? Map.of() : Map.of(Marks.SPEAKS, hints),
                Map.of(),
                stream,
                Extras.of(Marks.SPEAKS, extras));
    }
}

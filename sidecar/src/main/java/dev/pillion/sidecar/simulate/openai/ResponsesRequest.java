package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.responses.Conversation;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory.Earlier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to Responses whose shape is right.
 *
 * @param account whose it is
 * @param earlier the stored conversation that it continues
 */
record ResponsesRequest(
        JsonNode body, String modelId, OpenAiModel model, String account, Earlier earlier)
        implements OpenAiRequest {

    /** The items of the request itself; a string is one user message. */
    List<JsonNode> input() {
        return Conversation.input(body);
    }

    /** The whole conversation. */
    List<JsonNode> items() {
        var items = new ArrayList<>(earlier.items());
        items.addAll(input());
        return items;
    }

    Conversation conversation() {
        return new Conversation(items());
    }

    /** Whose reasoning belongs to it. */
    ReasoningSeals.Owner owner() {
        return new ReasoningSeals.Owner(account, modelId);
    }

    /** The tools of the request, and those that its items add, namespaces opened. */
    List<JsonNode> tools() {
        var tools = new ArrayList<JsonNode>();
        open(body.path("tools"), tools);
        for (var item : items()) {
            open(item.path("tools"), tools);
        }
        return tools;
    }

    private static void open(JsonNode array, List<JsonNode> into) {
        for (var tool : Trees.items(array)) {
            if (tool.path("type").asText().equals("namespace")) {
                open(tool.path("tools"), into);
            } else {
                into.add(tool);
            }
        }
    }

    /** The first tool of a kind: its type, with or without a date. */
    @Nullable JsonNode tool(String kind) {
        for (var tool : tools()) {
            if (tool.path("type").asText().startsWith(kind)) {
                return tool;
            }
        }
        return null;
    }

    @Override
    public @Nullable String effort() {
        return Trees.string(body.path("reasoning"), "effort");
    }

    @Override
    public long maxTokens() {
        return has("max_output_tokens")
                ? body.get("max_output_tokens").asLong()
                : model.maxOutputTokens();
    }

    boolean includes(String what) {
        return Trees.items(body.get("include")).stream()
                .anyMatch(included -> included.asText().equals(what));
    }

    boolean stores() {
        return body.path("store").asBoolean(true);
    }

    /** {@code none}, {@code auto}, {@code required}, or the type of an object. */
    String toolChoice() {
        var choice = body.path("tool_choice");
        return choice.isObject() ? choice.path("type").asText() : choice.asText("auto");
    }

    JsonNode format() {
        return body.path("text").path("format");
    }

    @Nullable JsonNode schema() {
        return format().path("type").asText().equals("json_schema") ? format().get("schema") : null;
    }

    @Override
    public int promptTokens() {
        int tokens = 0;
        for (var item : items()) {
            tokens += Tokens.of(item);
        }
        for (var field : List.of("tools", "instructions", "text")) {
            tokens += has(field) ? Tokens.of(body.get(field)) : 0;
        }
        return Math.max(1, tokens);
    }
}

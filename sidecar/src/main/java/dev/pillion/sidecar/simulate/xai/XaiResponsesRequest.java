package dev.pillion.sidecar.simulate.xai;

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
record XaiResponsesRequest(
        JsonNode body, String modelId, XaiModel model, String account, Earlier earlier)
        implements XaiRequest {
    List<JsonNode> input() {
        return Conversation.input(body);
    }

    List<JsonNode> items() {
        var items = new ArrayList<>(earlier.items());
        items.addAll(input());
        return items;
    }

    Conversation conversation() {
        return new Conversation(items());
    }

    /** Whose reasoning belongs to it; an alias and its model are one. */
    ReasoningSeals.Owner owner() {
        return new ReasoningSeals.Owner(account, model.sample());
    }

    List<JsonNode> tools() {
        return Trees.items(body.get("tools"));
    }

    @Nullable JsonNode tool(String type) {
        for (var tool : tools()) {
            if (tool.path("type").asText().equals(type)) {
                return tool;
            }
        }
        return null;
    }

    boolean includes(String what) {
        return Trees.items(body.get("include")).stream()
                .anyMatch(included -> included.asText().equals(what));
    }

    boolean stores() {
        return body.path("store").asBoolean(true);
    }

    @Override
    public @Nullable String effort() {
        return Trees.string(body.path("reasoning"), "effort");
    }

    JsonNode format() {
        return body.path("text").path("format");
    }

    @Override
    public JsonNode answerSchema() {
        return format();
    }

    /** The limit of the answer, reasoning included. */
    long maxTokens() {
        return body.path("max_output_tokens").asLong(128_000);
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

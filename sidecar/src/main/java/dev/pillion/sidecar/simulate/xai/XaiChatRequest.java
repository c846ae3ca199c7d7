package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to Chat Completions whose shape is right. */
record XaiChatRequest(JsonNode body, String modelId, XaiModel model) implements XaiRequest {
    List<JsonNode> messages() {
        return Trees.items(body.get("messages"));
    }

    List<JsonNode> tools() {
        return Trees.items(body.get("tools"));
    }

    @Override
    public @Nullable String effort() {
        return Trees.string(body, "reasoning_effort");
    }

    /** The limit of the visible text; this vendor does not count reasoning and calls. */
    long maxTextTokens() {
        for (var field : List.of("max_completion_tokens", "max_tokens")) {
            if (has(field)) {
                return body.get(field).asLong();
            }
        }
        return Long.MAX_VALUE;
    }

    @Override
    public JsonNode answerSchema() {
        return body.path("response_format").path("json_schema");
    }

    @Override
    public int promptTokens() {
        int tokens = Tokens.of(body.path("messages"));
        return tokens + (has("tools") ? Tokens.of(body.get("tools")) : 0);
    }

    /** The text of a message's content, parts joined. */
    static String text(JsonNode message) {
        var content = message.path("content");
        if (content.isTextual()) {
            return content.textValue();
        }
        var text = new StringBuilder();
        for (var part : content) {
            text.append(Trees.string(part, "text", ""));
        }
        return text.toString();
    }

    String lastUserText() {
        for (var message : messages().reversed()) {
            if (message.path("role").asText().equals("user")) {
                return text(message);
            }
        }
        return "";
    }

    /** The texts of the tool results that end the conversation. */
    List<String> results() {
        var results = new ArrayList<String>();
        for (var message : messages().reversed()) {
            if (!message.path("role").asText().equals("tool")) {
                break;
            }
            results.addFirst(text(message));
        }
        return results;
    }
}

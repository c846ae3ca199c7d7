package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request whose shape is right, with what the rules and the answer ask of it. */
record ChatRequest(JsonNode body, String modelId, OpenAiModel model) implements OpenAiRequest {
    List<JsonNode> messages() {
        return Trees.items(body.get("messages"));
    }

    List<JsonNode> tools() {
        return Trees.items(body.get("tools"));
    }

    List<JsonNode> functions() {
        return Trees.items(body.get("functions"));
    }

    @Override
    public @Nullable String effort() {
        return Trees.string(body, "reasoning_effort");
    }

    /** {@code none}, {@code auto}, {@code required}, or the type of an object. */
    String toolChoice() {
        var choice = body.path("tool_choice");
        return choice.isObject() ? choice.path("type").asText() : choice.asText("auto");
    }

    /** The name that {@code tool_choice} forces, or null. */
    @Nullable String forcedTool() {
        var choice = body.path("tool_choice");
        var type = Trees.string(choice, "type", "");
        return type.equals("function") || type.equals("custom")
                ? Trees.string(choice.path(type), "name")
                : null;
    }

    @Nullable JsonNode schema() {
        var format = body.path("response_format");
        return format.path("type").asText().equals("json_schema")
                ? format.path("json_schema").path("schema")
                : null;
    }

    boolean wantsAudio() {
        for (var modality : body.path("modalities")) {
            if (modality.asText().equals("audio")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int promptTokens() {
        int tokens = Tokens.of(body.path("messages"));
        for (var field : new String[] {"tools", "functions", "response_format"}) {
            tokens += has(field) ? Tokens.of(body.get(field)) : 0;
        }
        return Math.max(1, tokens);
    }

    @Override
    public long maxTokens() {
        for (var field : new String[] {"max_completion_tokens", "max_tokens"}) {
            if (has(field)) {
                return body.get(field).asLong();
            }
        }
        return model.maxOutputTokens();
    }

    static String name(JsonNode tool) {
        return Trees.string(tool.path(tool.path("type").asText()), "name", "");
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
}

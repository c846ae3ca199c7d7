package dev.pillion.sidecar.simulate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.List;

/** The items of a conversation, as both vendors write them. */
public record Conversation(List<JsonNode> items) {
    /** An item's type; {@code message} where it has none. */
    public static String type(JsonNode item) {
        return Trees.string(item, "type", "message");
    }

    /** The text of a message or a tool's output, parts joined. */
    public static String text(JsonNode item) {
        var content = item.has("output") ? item.path("output") : item.path("content");
        if (content.isTextual()) {
            return content.textValue();
        }
        var text = new StringBuilder();
        for (var part : content) {
            text.append(Trees.string(part, "text", ""));
        }
        return text.toString();
    }

    /** The items of a request's input; a string is one user message. */
    public static List<JsonNode> input(JsonNode body) {
        var input = body.path("input");
        if (!input.isTextual()) {
            return Trees.items(input);
        }
        var message = Trees.object().put("type", "message").put("role", "user");
        message.putArray("content")
                .addObject()
                .put("type", "input_text")
                .put("text", input.textValue());
        return List.of(message);
    }

    /** What the user said last. */
    public String lastUserText() {
        for (var item : items.reversed()) {
            if (item.path("role").asText().equals("user")) {
                return text(item);
            }
        }
        return "";
    }

    /** The texts of the tool outputs that end the conversation. */
    public List<String> results() {
        var results = new ArrayList<String>();
        for (var item : items.reversed()) {
            if (!type(item).endsWith("_call_output")) {
                break;
            }
            results.addFirst(text(item));
        }
        return results;
    }
}

package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Folds an Anthropic event stream to the message it stands for, as the vendor's SDKs do. */
public final class AnthropicMessages {
    private final ObjectNode message = Corpus.JSON.createObjectNode();
    private final ArrayNode content = Corpus.JSON.createArrayNode();
    private final StringBuilder input = new StringBuilder();
    private ObjectNode block = Corpus.JSON.createObjectNode();

    private AnthropicMessages() {}

    /** The message of an answer, streamed or not. */
    public static ObjectNode of(Recording recording) {
        return recording.isStream()
                ? fold(Sse.data(recording.text()))
                : recording.body().deepCopy();
    }

    public static ObjectNode fold(List<JsonNode> events) {
        var fold = new AnthropicMessages();
        events.forEach(fold::event);
        fold.message.set("content", fold.content);
        return fold.message;
    }

    private void event(JsonNode event) {
        switch (event.path("type").asText()) {
            case "message_start" -> message.setAll((ObjectNode) event.path("message").deepCopy());
            case "content_block_start" -> {
                if (event.path("index").asInt() != content.size()) {
                    throw new AssertionError("indexes are not dense: " + event);
                }
                block = event.path("content_block").deepCopy();
                content.add(block);
                input.setLength(0);
            }
            case "content_block_delta" -> delta(event.path("delta"));
            case "content_block_stop" -> {
                if (block.path("citations").isEmpty() && block.has("citations")) {
                    block.putNull("citations"); // A list to which nothing came says no more.
                }
                if (!input.isEmpty()) {
                    block.set("input", parsed(input.toString()));
                }
            }
            case "message_delta" -> messageDelta(event);
            default -> {}
        }
    }

    private static JsonNode parsed(String json) {
        try {
            return Corpus.JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Corpus.JSON.createObjectNode().put("_cut", json);
        }
    }

    private void delta(JsonNode delta) {
        switch (delta.path("type").asText()) {
            case "text_delta" -> append("text", delta.path("text").asText());
            case "thinking_delta" -> append("thinking", delta.path("thinking").asText());
            case "input_json_delta" -> input.append(delta.path("partial_json").asText());
            case "signature_delta" -> block.set("signature", delta.path("signature"));
            case "citations_delta" -> {
                if (!block.path("citations").isArray()) {
                    block.putArray("citations");
                }
                ((ArrayNode) block.path("citations")).add(delta.path("citation"));
            }
            default -> throw new AssertionError("an unknown delta: " + delta);
        }
    }

    private void append(String field, String text) {
        block.put(field, block.path(field).asText("") + text);
    }

    private void messageDelta(JsonNode event) {
        for (var entry : event.path("delta").properties()) {
            if (!entry.getValue().isNull()) {
                message.set(entry.getKey(), entry.getValue());
            }
        }
        for (var entry : event.properties()) {
            String name = entry.getKey();
            if (!List.of("type", "delta", "usage").contains(name)) {
                message.set(name, entry.getValue());
            }
        }
        ObjectNode usage =
                message.path("usage") instanceof ObjectNode u ? u : message.putObject("usage");
        for (var entry : event.path("usage").properties()) {
            if (!entry.getValue().isNull()) {
                usage.set(entry.getKey(), entry.getValue());
            }
        }
    }
}

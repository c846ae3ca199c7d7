package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.function.Consumer;

/** Any other block: what the vendor's own tools did, or what is newer than this code. Kept raw. */
final class ItemBlock extends OpenBlock {
    private final ObjectNode item;
    private final Answer answer;
    private final StringBuilder input = new StringBuilder();

    ItemBlock(ObjectNode block, Answer answer) {
        this.item = block.deepCopy();
        this.answer = answer;
    }

    @Override
    void begin(Consumer<ChatEvent> out) {
        // It is told whole, when it is.
    }

    @Override
    void delta(JsonNode delta, Consumer<ChatEvent> out) {
        if (delta.path("type").asText().equals("input_json_delta")) {
            input.append(delta.path("partial_json").asText(""));
            return;
        }
        for (var entry : delta.properties()) {
            if (!entry.getKey().equals("type")) {
                grow(entry.getKey(), entry.getValue());
            }
        }
    }

    /** Text is appended, anything else replaced: the way of all the deltas that we know. */
    private void grow(String field, JsonNode value) {
        JsonNode before = item.path(field);
        if (value.isTextual() && before.isTextual()) {
            item.put(field, before.asText() + value.asText());
        } else if (!value.isNull()) {
            item.set(field, value);
        }
    }

    @Override
    void close(Consumer<ChatEvent> out) {
        if (!input.isEmpty()) {
            item.set("input", parsed(input.toString()));
        }
        int index = answer.nextIndex();
        out.accept(new ChatEvent.Whole(index, new Part.VendorItem(Api.NAME, item, null, null)));
        out.accept(new ChatEvent.Sealed(index, VendorState.item(answer.account())));
        if (item.path("type").asText().equals("web_search_tool_result")) {
            sources(out);
        }
    }

    private static JsonNode parsed(String input) {
        try {
            return Json.read(input);
        } catch (MalformedJson e) {
            return Json.object().put("_raw", input); // Cut in mid call; kept as it was.
        }
    }

    private void sources(Consumer<ChatEvent> out) {
        for (JsonNode result : item.path("content")) {
            String url = AnthropicDecoder.text(result.path("url"));
            if (url != null) {
                out.accept(
                        new ChatEvent.SourceSeen(
                                new Source(
                                        url,
                                        AnthropicDecoder.text(result.path("title")),
                                        AnthropicDecoder.text(result.path("page_age")))));
            }
        }
    }
}

package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.wire.Json;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@code reasoning} item: its summary, or where there is none its own text, is thinking; the item
 * as it came is the seal. Only the whole item is: what its beginning says of the state is cut.
 */
final class ReasoningItem extends OutputItem {
    private static final String SUMMARY = "response.reasoning_summary_text.delta";
    private static final String BETWEEN = "\n\n";

    private final StringBuilder text = new StringBuilder();
    private @Nullable String grownBy;
    private int lastIndex;
    private int sentChars;
    private int part = -1;
    private @Nullable JsonNode whole;

    ReasoningItem(JsonNode begun, AnswerParts parts) {
        super(begun, parts);
    }

    @Override
    void grow(String type, JsonNode event) {
        if (grownBy == null) {
            grownBy = type;
        }
        if (!type.equals(grownBy)) {
            return; // The other form of the same thoughts.
        }
        int index = event.path(type.equals(SUMMARY) ? "summary_index" : "content_index").asInt(0);
        String delta = event.path("delta").asText("");
        if (index > lastIndex && !text.isEmpty() && !delta.isEmpty()) {
            text.append(BETWEEN);
        }
        if (!delta.isEmpty()) {
            lastIndex = index;
        }
        text.append(delta);
    }

    @Override
    void complete(JsonNode json) {
        whole = json;
        String summary = joined(json.path("summary"));
        catchUp(text, summary.isEmpty() ? joined(json.path("content")) : summary);
    }

    private static String joined(JsonNode list) {
        var joined = new StringBuilder();
        for (JsonNode each : list) {
            String text = each.path("text").asText("");
            if (!text.isEmpty()) {
                joined.append(joined.isEmpty() ? "" : BETWEEN).append(text);
            }
        }
        return joined.toString();
    }

    @Override
    void flush(Consumer<ChatEvent> out) {
        if (sentChars < text.length()) {
            open();
            out.accept(new ChatEvent.ThinkingDelta(part, text.substring(sentChars)));
            sentChars = text.length();
        }
    }

    private void open() {
        if (part < 0) {
            part = parts.open();
        }
    }

    @Override
    void seal(Consumer<ChatEvent> out) {
        if (whole instanceof ObjectNode item && (part >= 0 || item.size() > 1)) {
            if (part < 0) {
                open();
                out.accept(new ChatEvent.ThinkingDelta(part, ""));
            }
            ObjectNode state = item.deepCopy();
            state.remove("status");
            out.accept(new ChatEvent.Sealed(part, parts.seal(Json.text(state))));
        }
    }
}

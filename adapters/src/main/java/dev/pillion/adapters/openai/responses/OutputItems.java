package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.protocol.chat.ChatEvent;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The output's items by their {@code output_index}. The item in turn is handed on as it grows; one
 * that begins before the item in turn is whole waits, so that all come out one after the other.
 */
final class OutputItems {
    private final AnswerParts parts;
    private final TreeMap<Integer, OutputItem> items = new TreeMap<>();

    OutputItems(AnswerParts parts) {
        this.parts = parts;
    }

    /** Takes an event that belongs to an item; false when it has no content. */
    boolean take(String type, JsonNode event, Consumer<ChatEvent> out) {
        int index = event.path("output_index").asInt(0);
        switch (type) {
            case "response.output_item.added" -> item(index, event.path("item"));
            case "response.output_item.done" -> done(index, event.path("item"));
            case "response.output_text.delta",
                    "response.refusal.delta",
                    "response.output_text.annotation.added",
                    "response.reasoning_summary_text.delta",
                    "response.reasoning_text.delta",
                    "response.function_call_arguments.delta",
                    "response.custom_tool_call_input.delta" ->
                    grown(index, type, event);
            default -> {
                return false;
            }
        }
        turn(out);
        return true;
    }

    private void grown(int index, String type, JsonNode event) {
        OutputItem item = items.get(index);
        if (item == null) {
            item = OutputItem.grownBy(type, index, parts);
            items.put(index, item);
        }
        if (item.closed()) {
            parts.late("an item");
        } else {
            item.grow(type, event);
        }
    }

    private OutputItem item(int index, JsonNode json) {
        OutputItem item = items.get(index);
        if (item == null) {
            item = OutputItem.of(json, index, parts);
            items.put(index, item);
        }
        return item;
    }

    private void done(int index, JsonNode json) {
        OutputItem item = item(index, json);
        if (!item.isDone()) {
            item.done(json);
        }
    }

    /** Hands on what may be handed on now. */
    private void turn(Consumer<ChatEvent> out) {
        for (OutputItem item : items.values()) {
            if (item.closed()) {
                continue;
            }
            item.flush(out);
            if (!item.isDone()) {
                return;
            }
            item.close(out);
        }
    }

    /** The answer is over: what the events left out, its own list has. */
    void close(@Nullable JsonNode output, Consumer<ChatEvent> out) {
        JsonNode list = output == null ? MissingNode.getInstance() : output;
        for (int i = 0; i < list.size(); i++) {
            done(i, list.get(i));
        }
        for (OutputItem item : items.values()) {
            if (!item.isDone()) {
                item.abandon();
            }
        }
        turn(out);
    }
}

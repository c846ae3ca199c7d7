package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;

/** An answer as the vendor streams it: blocks opened, filled and closed one after the other. */
final class MessageEvents {
    private final List<SseEvent> events = new ArrayList<>();

    private MessageEvents() {}

    static List<SseEvent> of(MessageJson message) {
        var stream = new MessageEvents();
        var start = Trees.object().put("type", "message_start");
        start.set("message", message.begun());
        stream.add(start);
        var blocks = message.blocks();
        for (int i = 0; i < blocks.size(); i++) {
            stream.block(blocks.get(i), i);
        }
        var delta = Trees.object().put("type", "message_delta");
        delta.set("delta", message.ending(Trees.object()));
        delta.set("usage", message.finalUsage());
        stream.add(delta);
        stream.add(Trees.object().put("type", "message_stop"));
        return stream.events;
    }

    private void block(ObjectNode block, int index) {
        var start = Trees.object().put("type", "content_block_start").put("index", index);
        start.set("content_block", opened(block));
        add(start);
        if (index == 0) {
            events.add(new SseEvent("ping", "{\"type\": \"ping\"}"));
        }
        switch (block.path("type").asText()) {
            case "text" -> text(block, index);
            case "thinking" -> thinking(block, index);
            case "tool_use", "server_tool_use" -> input(block, index);
            default -> {}
        }
        add(Trees.object().put("type", "content_block_stop").put("index", index));
    }

    /** The block as it is announced: empty where deltas fill it, whole where none come. */
    private static ObjectNode opened(ObjectNode block) {
        var open = block.deepCopy();
        switch (block.path("type").asText()) {
            case "text" -> {
                open.put("text", "");
                if (open.path("citations").isArray()) {
                    open.putArray("citations");
                }
            }
            case "thinking" -> open.put("thinking", "").put("signature", "");
            case "tool_use", "server_tool_use" -> open.set("input", Trees.object());
            default -> {}
        }
        return open;
    }

    private void text(ObjectNode block, int index) {
        for (var citation : Trees.items(block.get("citations"))) {
            var delta = Trees.object().put("type", "citations_delta");
            delta.set("citation", citation);
            delta(index, delta);
        }
        for (var piece : Wording.pieces(block.path("text").asText())) {
            delta(index, Trees.object().put("type", "text_delta").put("text", piece));
        }
    }

    private void thinking(ObjectNode block, int index) {
        for (var piece : Wording.pieces(block.path("thinking").asText())) {
            delta(index, Trees.object().put("type", "thinking_delta").put("thinking", piece));
        }
        delta(
                index,
                Trees.object()
                        .put("type", "signature_delta")
                        .put("signature", block.path("signature").asText()));
    }

    private void input(ObjectNode block, int index) {
        delta(index, Trees.object().put("type", "input_json_delta").put("partial_json", ""));
        var json = block.path("input").isEmpty() ? "" : Trees.write(block.path("input"));
        for (int at = 0; at < json.length(); at += 11) {
            var part = json.substring(at, Math.min(json.length(), at + 11));
            delta(index, Trees.object().put("type", "input_json_delta").put("partial_json", part));
        }
    }

    private void delta(int index, ObjectNode delta) {
        var event = Trees.object().put("type", "content_block_delta").put("index", index);
        event.set("delta", delta);
        add(event);
    }

    private void add(ObjectNode event) {
        var json = Trees.write(event);
        // The vendor pads its events, so that their length tells nothing.
        var padding = " ".repeat((json.length() * 7 + events.size()) % 15);
        events.add(
                new SseEvent(
                        event.path("type").asText(),
                        json.substring(0, json.length() - 1) + padding + "}"));
    }
}

package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import org.jspecify.annotations.Nullable;

/** Thinking: its text as one part of the summary, its seal as the encrypted content. */
final class ReasoningOutput extends OpenOutput {
    private final StringBuilder text = new StringBuilder();
    private @Nullable String state;

    ReasoningOutput(EventSink events, String id, int outputIndex) {
        super(events, id, outputIndex);
        added(item("in_progress"));
    }

    /** With its status, which xAI's clients demand and OpenAI's know as well. */
    private ObjectNode item(String status) {
        ObjectNode item = Json.object().put("id", id()).put("type", "reasoning");
        item.put("status", status);
        ArrayNode summary = item.putArray("summary");
        if (!text.isEmpty()) {
            summary.add(part());
        }
        if (state != null) {
            item.put("encrypted_content", state);
        }
        return item;
    }

    private ObjectNode part() {
        return Json.object().put("type", "summary_text").put("text", text.toString());
    }

    void text(String delta) {
        if (text.isEmpty()) {
            partEvent("response.reasoning_summary_part.added");
        }
        text.append(delta);
        inPart(
                "response.reasoning_summary_text.delta",
                json -> json.writeStringField("delta", delta));
    }

    /** What the client is to send back unread. */
    void state(String encrypted) {
        state = encrypted;
    }

    private void partEvent(String type) {
        ObjectNode part = part();
        inPart(
                type,
                json -> {
                    json.writeFieldName("part");
                    json.writeTree(part);
                });
    }

    private void inPart(String type, EventSink.Fields fields) {
        event(
                type,
                json -> {
                    json.writeNumberField("summary_index", 0);
                    fields.write(json);
                });
    }

    @Override
    ObjectNode close(String status) {
        if (!text.isEmpty()) {
            inPart(
                    "response.reasoning_summary_text.done",
                    json -> json.writeStringField("text", text.toString()));
            partEvent("response.reasoning_summary_part.done");
        }
        ObjectNode item = item(status);
        done(item);
        return item;
    }
}

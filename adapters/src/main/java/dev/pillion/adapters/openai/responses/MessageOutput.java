package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.wire.Json;
import java.io.IOException;

/** A message: texts and refusals, one content part each. */
final class MessageOutput extends OpenOutput {
    private final ArrayNode content = Json.nodes().arrayNode();
    private final ObjectNode more;
    private final StringBuilder text = new StringBuilder();
    private ArrayNode annotations = Json.nodes().arrayNode();
    private boolean partOpen;
    private boolean refusal;

    MessageOutput(EventSink events, String id, int outputIndex, ObjectNode more) {
        super(events, id, outputIndex);
        this.more = more;
        added(item("in_progress"));
    }

    /** Fields that are known only now. */
    void more(ObjectNode fields) {
        more.setAll(fields);
    }

    private ObjectNode item(String status) {
        ObjectNode item = Json.object().put("id", id()).put("type", "message");
        item.put("status", status).put("role", "assistant");
        add(more, item);
        item.set("content", content);
        return item;
    }

    void openPart(boolean asRefusal) {
        partOpen = true;
        refusal = asRefusal;
        partEvent("response.content_part.added", part());
    }

    private ObjectNode part() {
        if (refusal) {
            return Json.object().put("type", "refusal").put("refusal", text.toString());
        }
        ObjectNode part = Json.object().put("type", "output_text").put("text", text.toString());
        part.set("annotations", annotations);
        part.putArray("logprobs");
        return part;
    }

    private void partEvent(String type, ObjectNode part) {
        inPart(
                type,
                json -> {
                    json.writeFieldName("part");
                    json.writeTree(part);
                });
    }

    private void inPart(String type, EventSink.Fields fields) {
        int index = content.size();
        event(
                type,
                json -> {
                    json.writeNumberField("content_index", index);
                    fields.write(json);
                });
    }

    void text(String delta) {
        text.append(delta);
        inPart(
                refusal ? "response.refusal.delta" : "response.output_text.delta",
                json -> {
                    json.writeStringField("delta", delta);
                    noLogprobs(json);
                });
    }

    private void noLogprobs(JsonGenerator json) throws IOException {
        if (!refusal) {
            json.writeArrayFieldStart("logprobs");
            json.writeEndArray();
        }
    }

    void cite(Citation citation) {
        if (refusal) {
            return; // A refusal has no annotations in this format.
        }
        ObjectNode annotation = Annotations.write(citation);
        int index = annotations.size();
        annotations.add(annotation);
        inPart(
                "response.output_text.annotation.added",
                json -> {
                    json.writeNumberField("annotation_index", index);
                    json.writeFieldName("annotation");
                    json.writeTree(annotation);
                });
    }

    void closePart() {
        if (!partOpen) {
            return;
        }
        partOpen = false;
        inPart(
                refusal ? "response.refusal.done" : "response.output_text.done",
                json -> {
                    json.writeStringField(refusal ? "refusal" : "text", text.toString());
                    noLogprobs(json);
                });
        ObjectNode part = part();
        partEvent("response.content_part.done", part);
        content.add(part);
        text.setLength(0);
        annotations = Json.nodes().arrayNode();
    }

    @Override
    ObjectNode close(String status) {
        closePart();
        ObjectNode item = item(status);
        done(item);
        return item;
    }
}

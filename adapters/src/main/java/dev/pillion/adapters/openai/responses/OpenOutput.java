package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** An output item that still grows: opened once, closed once, with what all its events say. */
abstract class OpenOutput {
    private final EventSink events;
    private final String id;
    private final int outputIndex;

    OpenOutput(EventSink events, String id, int outputIndex) {
        this.events = events;
        this.id = id;
        this.outputIndex = outputIndex;
    }

    String id() {
        return id;
    }

    /** Adds further fields of the vendor's item where they say something of their own. */
    static void add(ObjectNode more, ObjectNode item) {
        for (Map.Entry<String, JsonNode> field : more.properties()) {
            if (!item.has(field.getKey())) {
                item.set(field.getKey(), field.getValue());
            }
        }
    }

    /** The item as it opens. */
    void added(ObjectNode item) {
        itemEvent("response.output_item.added", item);
    }

    /** The whole item. */
    void done(ObjectNode item) {
        itemEvent("response.output_item.done", item);
    }

    private void itemEvent(String type, ObjectNode item) {
        events.event(
                type,
                json -> {
                    json.writeNumberField("output_index", outputIndex);
                    json.writeFieldName("item");
                    json.writeTree(item);
                });
    }

    /** An event of this item with more fields. */
    void event(String type, EventSink.Fields fields) {
        events.event(
                type,
                json -> {
                    place(json);
                    fields.write(json);
                });
    }

    private void place(JsonGenerator json) throws IOException {
        json.writeStringField("item_id", id);
        json.writeNumberField("output_index", outputIndex);
    }

    /**
     * Says what is left to say.
     *
     * @param status how far the item came: {@code completed} or {@code incomplete}
     * @return the item as it stands in the answer's output
     */
    abstract ObjectNode close(String status);
}

package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.wire.Json;
import java.util.List;

/** Items of this format that come whole: what a tool of the vendor did, and pictures. */
final class VendorItems {
    private VendorItems() {}

    /** A picture as the item that this format has for one. */
    static ObjectNode picture(MediaSource.Inline inline, String id) {
        ObjectNode item = Json.object().put("id", id).put("type", "image_generation_call");
        item.put("status", "completed").put("result", inline.data());
        String type = inline.mediaType();
        return item.put("output_format", type.substring(type.indexOf('/') + 1));
    }

    /** Opens and closes the item at its place; gives it as it stands in the output. */
    static ObjectNode write(ObjectNode from, int outputIndex, EventSink events, ItemIds ids) {
        ObjectNode item = from;
        if (!item.hasNonNull("id")) {
            item = from.deepCopy();
            item.put("id", ids.item("item", outputIndex)); // Accumulators demand one.
        }
        event(events, "response.output_item.added", outputIndex, opening(item));
        String id = item.path("id").asText();
        for (String step : steps(item.path("type").asText())) {
            events.event(
                    step,
                    json -> {
                        json.writeStringField("item_id", id);
                        json.writeNumberField("output_index", outputIndex);
                    });
        }
        event(events, "response.output_item.done", outputIndex, item);
        return item;
    }

    private static ObjectNode opening(ObjectNode item) {
        if (!item.has("status")) {
            return item;
        }
        ObjectNode opening = Json.object();
        opening.setAll(item);
        return opening.put("status", "in_progress");
    }

    private static List<String> steps(String type) {
        return switch (type) {
            case "web_search_call", "file_search_call" ->
                    List.of(
                            "response." + type + ".in_progress",
                            "response." + type + ".searching",
                            "response." + type + ".completed");
            default -> List.of();
        };
    }

    private static void event(EventSink events, String type, int outputIndex, ObjectNode item) {
        events.event(
                type,
                json -> {
                    json.writeNumberField("output_index", outputIndex);
                    json.writeFieldName("item");
                    json.writeTree(item);
                });
    }
}

package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The events of a response's stream, and what an accumulating client makes of them. */
record ResponsesStream(List<JsonNode> events) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ResponsesStream of(String body) throws Exception {
        var events = new ArrayList<JsonNode>();
        for (var block : body.split("\n\n", 0)) {
            var lines = block.split("\n", 2);
            var event = JSON.readTree(lines[1].substring("data: ".length()));
            assertEquals(lines[0].substring("event: ".length()), event.path("type").asText());
            assertEquals(events.size(), event.path("sequence_number").asInt());
            events.add(event);
        }
        return new ResponsesStream(events);
    }

    List<String> types() {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    JsonNode last() {
        return events.getLast();
    }

    /** What the deltas of a kind add up to. */
    String joined(String type) {
        var all = new StringBuilder();
        for (var event : events) {
            if (event.path("type").asText().equals(type)) {
                all.append(event.path("delta").asText());
            }
        }
        return all.toString();
    }

    /** Checks that deltas, done events, finished items and the final response agree. */
    void assertAllLevelsAgree() {
        var items = new ArrayList<JsonNode>();
        for (var event : events) {
            switch (event.path("type").asText()) {
                case "response.output_item.added" ->
                        assertEquals(items.size(), event.path("output_index").asInt());
                case "response.output_item.done" -> items.add(event.path("item"));
                case "response.output_text.delta", "response.function_call_arguments.delta" ->
                        assertTrue(event.path("item_id").asText().contains("_"));
                default -> {
                    // Nothing that could disagree.
                }
            }
        }
        var output = new ArrayList<JsonNode>();
        last().path("response").path("output").forEach(output::add);
        assertEquals(output, items);
        var text = new StringBuilder();
        for (var item : output) {
            for (var part : item.path("content")) {
                text.append(part.path("text").asText());
            }
        }
        assertEquals(text.toString(), joined("response.output_text.delta"));
    }

    /** A response without what differs from one request to the next. */
    static JsonNode comparable(JsonNode response) {
        ObjectNode copy = response.deepCopy();
        copy.remove(List.of("id", "created_at", "completed_at", "usage"));
        for (var item : copy.path("output")) {
            ((ObjectNode) item).remove(List.of("id", "call_id", "encrypted_content"));
        }
        return copy;
    }
}

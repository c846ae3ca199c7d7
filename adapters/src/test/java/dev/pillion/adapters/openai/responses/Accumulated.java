package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An event stream read as strictly as the strictest of the official accumulators: events numbered
 * without gaps, items and parts opened once, in order, fed and closed once, every level saying the
 * same, exactly one end. What it has gathered from the events alone is {@link #output}.
 */
final class Accumulated {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ENDS =
            Set.of("response.completed", "response.incomplete", "error");

    final List<JsonNode> events = new ArrayList<>();
    final ArrayNode output = JSON.createArrayNode();
    JsonNode response;
    JsonNode error;
    private ObjectNode item;
    private final StringBuilder text = new StringBuilder();
    private ArrayNode annotations = JSON.createArrayNode();
    private JsonNode part;

    private Accumulated() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Accumulated of(String sse) {
        var all = new Accumulated();
        for (String frame : sse.split("\n\n", -1)) {
            if (!frame.isEmpty() && !frame.startsWith(":")) {
                String[] lines = frame.split("\n", -1);
                assertEquals(2, lines.length, frame);
                JsonNode event = json(lines[1].substring("data: ".length()));
                assertEquals("event: " + event.path("type").asText(), lines[0]);
                all.event(event);
            }
        }
        assertTrue(all.ended(), "no end");
        return all;
    }

    private boolean ended() {
        return !events.isEmpty() && ENDS.contains(type(events.getLast()));
    }

    private static String type(JsonNode event) {
        return event.path("type").asText();
    }

    private void event(JsonNode event) {
        assertFalse(ended(), "after the end: " + event);
        assertEquals(events.size(), event.path("sequence_number").asInt(-1), event.toString());
        String type = type(event);
        assertEquals(type.equals("error"), event.has("error"), event.toString());
        if (events.isEmpty() && !type.equals("error")) {
            assertEquals("response.created", type);
        }
        events.add(event);
        switch (type) {
            case "response.created", "response.in_progress" -> begun(event.path("response"));
            case "response.output_item.added" -> added(event);
            case "response.output_item.done" -> done(event);
            case "response.completed", "response.incomplete" -> ended(event.path("response"), type);
            case "error" -> error = event;
            default -> inItem(type, event);
        }
    }

    private void begun(JsonNode begun) {
        assertEquals("in_progress", begun.path("status").asText());
        assertTrue(begun.path("output").isArray() && begun.path("output").isEmpty());
        assertTrue(begun.path("error").isNull());
        Fields.demanded(begun);
    }

    private void added(JsonNode event) {
        assertNull(item, "an item before the last was done");
        assertEquals(output.size(), event.path("output_index").asInt(-1));
        item = event.path("item").deepCopy();
        assertFalse(item.path("id").asText().isEmpty(), event.toString());
    }

    private void done(JsonNode event) {
        assertEquals(output.size(), event.path("output_index").asInt(-1));
        JsonNode whole = event.path("item");
        assertEquals(item.path("id"), whole.path("id"));
        assertEquals(item.path("type"), whole.path("type"));
        assertEquals(item.path("call_id"), whole.path("call_id"));
        for (String grown : List.of("content", "summary", "arguments", "input")) {
            assertEquals(item.path(grown), whole.path(grown), grown);
        }
        assertNull(part, "a part is open");
        output.add(whole);
        item = null;
    }

    private void inItem(String type, JsonNode event) {
        assertNotNull(item, type + " outside of an item");
        assertEquals(item.path("id"), event.path("item_id"));
        assertEquals(output.size(), event.path("output_index").asInt(-1));
        switch (type) {
            case "response.content_part.added" -> open(event, "content_index", "content");
            case "response.reasoning_summary_part.added" -> open(event, "summary_index", "summary");
            case "response.output_text.delta",
                    "response.refusal.delta",
                    "response.reasoning_summary_text.delta" -> {
                assertNotNull(part, "a delta outside of a part");
                text.append(event.path("delta").asText());
            }
            case "response.output_text.annotation.added" -> {
                assertEquals(annotations.size(), event.path("annotation_index").asInt(-1));
                annotations.add(event.path("annotation"));
            }
            case "response.output_text.done", "response.reasoning_summary_text.done" ->
                    assertEquals(text.toString(), event.path("text").asText());
            case "response.refusal.done" ->
                    assertEquals(text.toString(), event.path("refusal").asText());
            case "response.content_part.done" -> close(event, "content");
            case "response.reasoning_summary_part.done" -> close(event, "summary");
            case "response.function_call_arguments.delta" -> grow("arguments", event);
            case "response.custom_tool_call_input.delta" -> grow("input", event);
            case "response.function_call_arguments.done" ->
                    assertEquals(item.path("arguments"), event.path("arguments"));
            case "response.custom_tool_call_input.done" ->
                    assertEquals(item.path("input"), event.path("input"));
            case "response.web_search_call.in_progress",
                    "response.web_search_call.searching",
                    "response.web_search_call.completed",
                    "response.file_search_call.in_progress",
                    "response.file_search_call.searching",
                    "response.file_search_call.completed" -> {}
            default ->
                    throw new AssertionError("an event that Node's helper does not know " + type);
        }
    }

    private void open(JsonNode event, String index, String list) {
        assertNull(part, "a part before the last was done");
        part = event.path("part");
        assertEquals(item.path(list).size(), event.path(index).asInt(-1));
        text.setLength(0);
        annotations = JSON.createArrayNode();
    }

    private void close(JsonNode event, String list) {
        ObjectNode whole = part.deepCopy();
        whole.put(whole.has("refusal") ? "refusal" : "text", text.toString());
        if (whole.has("annotations")) {
            whole.set("annotations", annotations);
        }
        assertEquals(whole, event.path("part"));
        ((ArrayNode) item.path(list)).add(whole);
        part = null;
    }

    private void grow(String field, JsonNode event) {
        item.put(field, item.path(field).asText() + event.path("delta").asText());
    }

    private void ended(JsonNode whole, String type) {
        assertNull(item, "an item is open");
        assertEquals(type, "response." + whole.path("status").asText());
        assertEquals(output, whole.path("output"));
        assertEquals(events.getFirst().path("response").path("id"), whole.path("id"));
        Fields.demanded(whole);
        assertTrue(whole.path("usage").path("total_tokens").isNumber());
        response = whole;
    }

    /** The fields that typed clients demand of every answer. */
    static final class Fields {
        private Fields() {}

        static void demanded(JsonNode response) {
            assertEquals("response", response.path("object").asText());
            for (String name :
                    List.of(
                            "id",
                            "created_at",
                            "status",
                            "error",
                            "incomplete_details",
                            "instructions",
                            "metadata",
                            "model",
                            "output",
                            "parallel_tool_calls",
                            "temperature",
                            "top_p",
                            "tool_choice",
                            "tools",
                            "usage")) {
                assertTrue(response.has(name), name);
            }
        }
    }
}

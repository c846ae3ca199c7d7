package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What the uniform answer to a recorded answer of xAI's Responses API must be, worked out from the
 * recording alone, in the form of {@link NeutralReply}; an item's own state is its JSON.
 */
public final class XaiResponsesAnswers {
    private XaiResponsesAnswers() {}

    public static ObjectNode expected(Recording recording) {
        JsonNode response = recording.isStream() ? last(recording.text()) : recording.body();
        ObjectNode reply = Corpus.JSON.createObjectNode();
        reply.set("id", response.path("id"));
        reply.set("model", response.path("model"));
        ArrayNode parts = reply.putArray("parts");
        Set<String> pages = new LinkedHashSet<>();
        boolean called = false;
        for (JsonNode item : response.path("output")) {
            item(item, parts, pages);
            called |= item.path("type").asText().equals("function_call");
        }
        reply.putObject("stop").put("reason", stop(response, called));
        reply.set("usage", usage(response));
        ArrayNode sources = reply.putArray("sources");
        pages.forEach(url -> sources.addObject().put("url", url));
        return reply;
    }

    private static String stop(JsonNode response, boolean called) {
        if (response.path("status").asText().equals("incomplete")) {
            String reason = response.path("incomplete_details").path("reason").asText();
            return reason.equals("content_filter") ? "REFUSAL" : "MAX_TOKENS";
        }
        return called ? "TOOL_CALL" : "END";
    }

    /** The whole answer of the stream's last event, its items as each was told when done. */
    private static JsonNode last(String stream) {
        Map<Integer, JsonNode> items = new TreeMap<>();
        for (JsonNode event : Sse.data(stream)) {
            switch (event.path("type").asText()) {
                case "response.output_item.done" ->
                        items.put(event.path("output_index").asInt(), event.path("item"));
                case "response.completed", "response.incomplete" -> {
                    ObjectNode response = event.path("response").deepCopy();
                    ArrayNode output = response.putArray("output");
                    items.values().forEach(output::add);
                    return response;
                }
                default -> {}
            }
        }
        throw new IllegalArgumentException("a stream without an end");
    }

    private static void item(JsonNode item, ArrayNode parts, Set<String> pages) {
        switch (item.path("type").asText()) {
            case "message" -> item.path("content").forEach(content -> text(content, parts, pages));
            case "reasoning" -> {
                ObjectNode part = parts.addObject().put("kind", "thinking");
                var text = new StringJoiner("\n\n");
                item.path("summary").forEach(s -> text.add(s.path("text").asText()));
                part.put("text", text.toString());
                ObjectNode state = item.deepCopy();
                state.remove("status");
                part.set("state", state);
            }
            case "function_call" -> {
                ObjectNode part = parts.addObject().put("kind", "tool_call");
                part.set("id", item.path("call_id"));
                part.set("name", item.path("name"));
                part.set("arguments", Corpus.json(item.path("arguments").asText()));
            }
            default -> {
                parts.addObject().put("kind", "vendor_item").set("item", item);
                item.path("action")
                        .path("sources")
                        .forEach(source -> page(source.path("url").asText(""), pages));
                page(item.path("action").path("url").asText(""), pages);
            }
        }
    }

    /** A citation's title is a number, and says nothing of the page. */
    private static void text(JsonNode content, ArrayNode parts, Set<String> pages) {
        ObjectNode part = parts.addObject().put("kind", "text");
        part.set("text", content.path("text"));
        for (JsonNode annotation : content.path("annotations")) {
            page(annotation.path("url").asText(""), pages);
            int start = annotation.path("start_index").asInt(0);
            int end = annotation.path("end_index").asInt(0);
            if (end > start) {
                ObjectNode citation = part.withArray("/citations").addObject();
                citation.put("start", start).put("end", end).set("url", annotation.path("url"));
            }
        }
    }

    private static void page(String url, Set<String> pages) {
        if (!url.isEmpty()) {
            pages.add(url);
        }
    }

    private static ObjectNode usage(JsonNode response) {
        JsonNode usage = response.path("usage");
        JsonNode tools = usage.path("server_side_tool_usage_details");
        ObjectNode node = Corpus.JSON.createObjectNode();
        node.put("input", usage.path("input_tokens").asLong());
        node.put("cached", usage.path("input_tokens_details").path("cached_tokens").asLong());
        node.put("written_5m", 0);
        node.put("written_1h", 0);
        node.put("output", usage.path("output_tokens").asLong());
        node.put("thinking", usage.path("output_tokens_details").path("reasoning_tokens").asLong());
        node.put(
                "searches",
                tools.path("web_search_calls").asLong() + tools.path("x_search_calls").asLong());
        if (response.hasNonNull("service_tier")) {
            node.set("tier", response.path("service_tier"));
        }
        return node;
    }
}

package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the uniform answer to a recorded answer of the Responses API must be, worked out from its
 * JSON alone, in the form of {@link NeutralReply}.
 */
public final class ResponsesAnswers {
    private static final List<String> MESSAGE = List.of("type", "id", "role", "status", "content");

    private ResponsesAnswers() {}

    /**
     * The response object: the whole answer, or what the last event of a stream holds. An item is
     * taken from its own last event, as the vendor says: its state is encrypted anew each time.
     */
    public static JsonNode response(Recording recording) {
        if (!recording.isStream()) {
            return recording.body();
        }
        Map<Integer, JsonNode> items = new TreeMap<>();
        for (JsonNode event : Sse.data(recording.text())) {
            String type = event.path("type").asText();
            if (type.equals("response.output_item.done")) {
                items.put(event.path("output_index").asInt(), event.path("item"));
            }
            if (type.equals("response.completed") || type.equals("response.incomplete")) {
                ObjectNode response = event.path("response").deepCopy();
                ArrayNode output = (ArrayNode) response.path("output");
                items.forEach(output::set);
                return response;
            }
        }
        throw new IllegalArgumentException(recording + " has no end");
    }

    public static ObjectNode expected(JsonNode response) {
        ObjectNode reply = Corpus.JSON.createObjectNode();
        reply.set("id", response.path("id"));
        reply.set("model", response.path("model"));
        ArrayNode parts = reply.putArray("parts");
        Map<String, String> pages = new LinkedHashMap<>();
        boolean led = false;
        for (JsonNode item : response.path("output")) {
            item(item, led, parts, pages);
            led = item.path("type").asText().equals("reasoning");
        }
        reply.set("stop", stop(response));
        reply.set("usage", usage(response));
        ArrayNode sources = reply.putArray("sources");
        pages.forEach((url, title) -> {
            ObjectNode source = sources.addObject().put("url", url);
            if (!title.isEmpty()) {
                source.put("title", title);
            }
        });
        return reply;
    }

    /** {@code led}: reasoning stands before it, which a message is paired with by its id. */
    private static void item(
            JsonNode item, boolean led, ArrayNode parts, Map<String, String> pages) {
        switch (item.path("type").asText()) {
            case "message" -> message(item, led, parts, pages);
            case "reasoning" -> {
                ObjectNode state = item.deepCopy();
                state.remove("status");
                parts.addObject()
                        .put("kind", "thinking")
                        .put("text", thoughts(item))
                        .put("state", state.toString());
            }
            case "function_call" ->
                    parts.addObject()
                            .put("kind", "tool_call")
                            .put("id", item.path("call_id").asText())
                            .put("name", item.path("name").asText())
                            .set("arguments", arguments(item.path("arguments").asText()));
            case "custom_tool_call" ->
                    parts.addObject()
                            .put("kind", "tool_call")
                            .put("id", item.path("call_id").asText())
                            .put("name", item.path("name").asText())
                            .putObject("arguments")
                            .set("input", item.path("input"));
            default -> {
                parts.addObject().put("kind", "vendor_item").set("item", item);
                for (JsonNode source : item.path("action").path("sources")) {
                    page(source, pages);
                }
                page(item.path("action"), pages);
            }
        }
    }

    private static JsonNode arguments(String text) {
        return Corpus.json(text.isEmpty() ? "{}" : text);
    }

    private static void page(JsonNode from, Map<String, String> pages) {
        String url = from.path("url").asText("");
        String title = from.path("title").asText("");
        if (!url.isEmpty() && pages.getOrDefault(url, "").isEmpty()) {
            pages.put(url, title);
        }
    }

    private static String thoughts(JsonNode item) {
        List<String> texts = new ArrayList<>();
        item.path("summary").forEach(each -> texts.add(each.path("text").asText()));
        if (texts.isEmpty()) {
            item.path("content").forEach(each -> texts.add(each.path("text").asText()));
        }
        return String.join("\n\n", texts);
    }

    private static void message(
            JsonNode item, boolean led, ArrayNode parts, Map<String, String> pages) {
        ObjectNode rest = Corpus.JSON.createObjectNode();
        item.properties()
                .forEach(field -> {
                    boolean kept =
                            !MESSAGE.contains(field.getKey())
                                    || (led && field.getKey().equals("id"));
                    if (kept && !field.getValue().isNull()) {
                        rest.set(field.getKey(), field.getValue());
                    }
                });
        boolean follows = parts.path(parts.size() - 1).path("kind").asText().equals("text");
        for (JsonNode content : item.path("content")) {
            boolean refusal = content.path("type").asText().equals("refusal");
            String text = content.path(refusal ? "refusal" : "text").asText();
            if (text.isEmpty()) {
                continue;
            }
            ObjectNode part = parts.addObject().put("kind", "text").put("text", text);
            if (refusal) {
                part.putObject("state").put("_cut", "refusal");
            } else if (!rest.isEmpty()) {
                part.set("state", rest.deepCopy());
                rest.removeAll();
            } else if (follows) {
                part.putObject("state"); // So that two messages stay two.
            }
            follows = false;
            for (JsonNode annotation : content.path("annotations")) {
                citation(annotation, part, text);
                page(annotation, pages);
            }
        }
    }

    /** A span is what Unicode code points of the text it names. */
    private static void citation(JsonNode annotation, ObjectNode part, String text) {
        ObjectNode node = part.withArray("/citations").addObject();
        String type = annotation.path("type").asText();
        int start = annotation.path("start_index").asInt();
        int end = annotation.path("end_index").asInt();
        if (type.equals("file_citation")) {
            start = annotation.path("index").asInt();
            end = start;
        }
        if (end > text.codePointCount(0, text.length())) {
            throw new IllegalArgumentException("a citation beyond its text: " + annotation);
        }
        node.put("start", start).put("end", end);
        String name = type.equals("url_citation") ? "title" : "filename";
        if (type.equals("url_citation")) {
            node.set("url", annotation.path("url"));
        } else {
            String file = annotation.path("file_id").asText();
            String container = annotation.path("container_id").asText("");
            node.put("source", container.isEmpty() ? file : container + "/" + file);
        }
        node.set("title", annotation.path(name));
    }

    private static ObjectNode stop(JsonNode response) {
        ObjectNode stop = Corpus.JSON.createObjectNode();
        String reason = response.path("incomplete_details").path("reason").asText("");
        if (!reason.isEmpty()) {
            boolean length = reason.equals("max_output_tokens");
            return length ? stop.put("reason", "MAX_TOKENS") : stop.put("reason", reason);
        }
        boolean refused = false;
        for (JsonNode item : response.path("output")) {
            String type = item.path("type").asText();
            if (type.equals("function_call") || type.equals("custom_tool_call")) {
                return stop.put("reason", "TOOL_CALL");
            }
            for (JsonNode content : item.path("content")) {
                refused |= content.path("type").asText().equals("refusal");
            }
        }
        return refused
                ? stop.put("reason", "REFUSAL").put("detail", "refusal")
                : stop.put("reason", "END");
    }

    private static ObjectNode usage(JsonNode response) {
        JsonNode usage = response.path("usage");
        JsonNode input = usage.path("input_tokens_details");
        ObjectNode node = Corpus.JSON.createObjectNode();
        node.put("input", usage.path("input_tokens").asLong());
        node.put("cached", input.path("cached_tokens").asLong());
        node.put("written_5m", input.path("cache_write_tokens").asLong());
        node.put("written_1h", 0);
        node.put("output", usage.path("output_tokens").asLong());
        node.put("thinking", usage.path("output_tokens_details").path("reasoning_tokens").asLong());
        node.put("searches", searches(response));
        if (response.path("service_tier").isTextual()) {
            node.set("tier", response.path("service_tier"));
        }
        return node;
    }

    private static long searches(JsonNode response) {
        JsonNode billed = response.path("tool_usage").path("web_search").path("num_requests");
        if (billed.isNumber()) {
            return billed.asLong();
        }
        long count = 0;
        for (JsonNode item : response.path("output")) {
            boolean search =
                    item.path("type").asText().equals("web_search_call")
                            && item.path("action").path("type").asText().equals("search");
            count += search ? 1 : 0;
        }
        return count;
    }

    /** The texts that the deltas of a stream add up to, in order of item and content. */
    public static List<String> streamedTexts(Recording recording) {
        Map<String, StringBuilder> texts = new TreeMap<>();
        for (JsonNode event : Sse.data(recording.text())) {
            String type = event.path("type").asText();
            if (type.equals("response.output_text.delta")
                    || type.equals("response.refusal.delta")) {
                String key =
                        String.format(
                                "%04d-%04d",
                                event.path("output_index").asInt(),
                                event.path("content_index").asInt());
                texts.computeIfAbsent(key, _ -> new StringBuilder())
                        .append(event.path("delta").asText());
            }
        }
        return texts.values().stream().map(StringBuilder::toString).toList();
    }
}

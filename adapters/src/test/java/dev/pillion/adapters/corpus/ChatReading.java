package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a client of Chat Completions reads in an answer, streamed or not: what is said, thought and
 * called, how it ended, what it used. Knows nothing of the adapter.
 */
public final class ChatReading {
    /** A call put together from its pieces. */
    private static final class Call {
        String id = "";
        String name = "";
        final StringBuilder arguments = new StringBuilder();
    }

    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final Map<Integer, Call> calls = new TreeMap<>();
    private String finish = "";
    private JsonNode usage = Corpus.JSON.createObjectNode();

    private ChatReading() {}

    public static ObjectNode of(Recording recording) {
        var reading = new ChatReading();
        List<JsonNode> chunks =
                recording.isStream() ? Sse.data(recording.text()) : List.of(recording.body());
        chunks.forEach(reading::chunk);
        return reading.read();
    }

    private void chunk(JsonNode chunk) {
        if (chunk.path("usage").isObject()) {
            usage = chunk.path("usage");
        }
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt() == 0) {
                said(choice.path(choice.has("delta") ? "delta" : "message"));
                finish = choice.path("finish_reason").asText("").replace("null", "") + finish;
            }
        }
    }

    private void said(JsonNode message) {
        content.append(text(message, "content"));
        reasoning.append(text(message, "reasoning_content"));
        refusal.append(text(message, "refusal"));
        int place = 0;
        for (JsonNode call : message.path("tool_calls")) {
            call(call.path("index").asInt(place), call.path("id"), call.path("function"));
            place++;
        }
        if (message.path("function_call").isObject()) {
            call(0, message.path("missing"), message.path("function_call"));
        }
    }

    private static String text(JsonNode message, String name) {
        return message.path(name).isTextual() ? message.path(name).asText() : "";
    }

    private void call(int index, JsonNode id, JsonNode function) {
        Call call = calls.computeIfAbsent(index, _ -> new Call());
        call.id = id.isTextual() ? id.asText() : call.id;
        String name = text(function, "name");
        call.name += call.name.equals(name) ? "" : name; // Some repeat it with every piece.
        call.arguments.append(text(function, "arguments"));
    }

    private ObjectNode read() {
        ObjectNode read = Corpus.JSON.createObjectNode();
        read.put("content", content.toString());
        read.put("reasoning", reasoning.toString());
        read.put("refusal", refusal.toString());
        for (Call call : calls.values()) {
            ObjectNode one = read.withArray("/calls").addObject();
            one.put("id", call.id).put("name", call.name);
            one.set("arguments", arguments(call.arguments.toString()));
        }
        // A turn whose call was forced ends with stop; with calls in it, either says the same.
        read.put("finish", finish.equals("stop") && !calls.isEmpty() ? "tool_calls" : finish);
        long input = usage.path("prompt_tokens").asLong();
        long output = usage.path("completion_tokens").asLong();
        read.put("input", input);
        // The total has what some vendors count apart: thinking.
        read.put("output", Math.max(output, usage.path("total_tokens").asLong() - input));
        read.put("cached", usage.at("/prompt_tokens_details/cached_tokens").asLong());
        return read;
    }

    /** As JSON; what was cut, as it is; of no arguments, none. */
    private static JsonNode arguments(String text) {
        try {
            return text.isBlank() ? Corpus.JSON.createObjectNode() : Corpus.json(text);
        } catch (UncheckedIOException e) {
            return Corpus.JSON.getNodeFactory().textNode(text);
        }
    }
}

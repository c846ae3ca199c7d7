package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.Sse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a {@code response} object says, read field by field; nothing of the adapter's in it. */
final class Spoken {
    private static final Set<String> KNOWN =
            Set.of("message", "reasoning", "function_call", "custom_tool_call");

    private Spoken() {}

    /**
     * The whole answer of the recording: its body, or what the last event of its stream holds. An
     * item's state is the one it was done with: the last event has it encrypted anew.
     */
    static JsonNode response(Recording recording) {
        if (!recording.isStream()) {
            return recording.body();
        }
        JsonNode last = null;
        Map<Integer, JsonNode> done = new HashMap<>();
        for (JsonNode event : Sse.data(recording.text())) {
            last = event.has("response") ? event.path("response") : last;
            if (event.path("type").asText().equals("response.output_item.done")) {
                done.put(event.path("output_index").asInt(), event.path("item"));
            }
        }
        if (last != null && last.path("output") instanceof ArrayNode output) {
            done.forEach((index, item) -> put(output, index, item));
        }
        return last;
    }

    private static void put(ArrayNode output, int index, JsonNode item) {
        if (index < output.size()) {
            output.set(index, item);
        } else {
            output.add(item);
        }
    }

    /**
     * Its words in order.
     *
     * @param own whether the vendor's own items count
     */
    static List<String> words(JsonNode response, boolean own) {
        List<String> words = new ArrayList<>();
        for (JsonNode item : response.path("output")) {
            String type = item.path("type").asText();
            switch (type) {
                case "message" -> message(item, words);
                case "reasoning" -> reasoning(item, words);
                case "function_call" ->
                        words.add(
                                type
                                        + " "
                                        + item.path("call_id").asText()
                                        + " "
                                        + item.path("name").asText()
                                        + " "
                                        + item.path("namespace").asText()
                                        + " "
                                        + item.path("arguments").asText());
                case "custom_tool_call" ->
                        words.add(type + " " + item.path("name") + " " + item.path("input"));
                default -> {
                    if (own) {
                        words.add(item.toString());
                    }
                }
            }
        }
        JsonNode usage = response.path("usage");
        words.add(response.path("status").asText());
        words.add(response.path("incomplete_details").path("reason").asText());
        words.add(usage.path("input_tokens") + " " + usage.path("output_tokens"));
        words.add(
                usage.path("input_tokens_details").path("cached_tokens").asInt()
                        + " "
                        + usage.path("output_tokens_details").path("reasoning_tokens").asInt());
        return words;
    }

    static boolean hasOwn(JsonNode response) {
        for (JsonNode item : response.path("output")) {
            if (!KNOWN.contains(item.path("type").asText())) {
                return true;
            }
        }
        return false;
    }

    private static void message(JsonNode item, List<String> words) {
        for (JsonNode part : item.path("content")) {
            String text = part.path("text").asText("") + part.path("refusal").asText("");
            if (!text.isEmpty()) {
                words.add(item.path("phase").asText() + part.path("type").asText() + " " + text);
            }
            for (JsonNode cited : part.path("annotations")) {
                if (cited.path("end_index").asInt() > 0 || cited.has("index")) {
                    words.add(
                            cited.path("type").asText()
                                    + cited.path("start_index")
                                    + "-"
                                    + cited.path("end_index")
                                    + cited.path("index")
                                    + cited.path("url")
                                    + cited.path("file_id")
                                    + cited.path("title"));
                }
            }
        }
    }

    private static void reasoning(JsonNode item, List<String> words) {
        List<String> texts = new ArrayList<>();
        item.path("summary").forEach(part -> texts.add(part.path("text").asText()));
        if (texts.isEmpty()) {
            item.path("content").forEach(part -> texts.add(part.path("text").asText()));
        }
        String text = String.join("\n\n", texts);
        if (!text.isEmpty()) {
            words.add("reasoning " + text);
        }
    }
}

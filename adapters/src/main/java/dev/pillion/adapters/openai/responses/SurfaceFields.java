package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import java.util.Map;
import java.util.Set;

/**
 * Which of the format's own fields change what is answered, and which only say how: how to cache,
 * what to show of the thinking, or what is the default anyway. The latter are hints, which another
 * vendor is not told.
 */
final class SurfaceFields {
    /** These bring a conversation of their own, beside or instead of the input. */
    private static final Set<String> STATE =
            Set.of("prompt", "conversation", "previous_response_id");

    /** Asks for what is in an answer anyway, or what only tools of the vendor have to show. */
    private static final String LOGPROBS = "message.output_text.logprobs";

    private SurfaceFields() {}

    static boolean isHint(String name, JsonNode value) {
        return switch (name) {
            case "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention" -> true;
            case "store", "background" -> value.isBoolean() && !value.booleanValue();
            case "truncation" -> value.asText().equals("disabled");
            case "service_tier" ->
                    value.asText().equals("auto") || value.asText().equals("default");
            case "top_logprobs" -> value.isNumber() && value.asInt() == 0;
            case "include" -> !includesLogprobs(value);
            default -> value.isContainerNode() && value.isEmpty();
        };
    }

    private static boolean includesLogprobs(JsonNode include) {
        for (JsonNode each : include) {
            if (each.asText().equals(LOGPROBS)) {
                return true;
            }
        }
        return !include.isArray();
    }

    /** Parts the fields of a group, e.g. {@code reasoning}, into hints and others. */
    static void split(String group, ObjectNode fields, ObjectNode hints, ObjectNode extras) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            ObjectNode target = isHint(group, field.getKey(), field.getValue()) ? hints : extras;
            ObjectNode into = target.get(group) instanceof ObjectNode there ? there : Json.object();
            into.set(field.getKey(), field.getValue());
            target.set(group, into);
        }
    }

    private static boolean isHint(String group, String name, JsonNode value) {
        return switch (group + "/" + name) {
            case "reasoning/summary", "reasoning/generate_summary", "reasoning/context" -> true;
            case "reasoning/mode" -> value.asText().equals("standard");
            case "text/verbosity" -> value.asText().equals("medium");
            default -> false;
        };
    }

    static boolean bringsInput(ObjectNode extras) {
        return STATE.stream().anyMatch(extras::has);
    }
}

package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.List;

/** Fields of the request that an answer says again, with the format's defaults for the others. */
final class EchoedRequest {
    /** Null when the request does not have them. */
    private static final List<String> OR_NULL =
            List.of(
                    "instructions",
                    "max_output_tokens",
                    "max_tool_calls",
                    "previous_response_id",
                    "prompt_cache_key",
                    "safety_identifier",
                    "user");

    /** Left out when the request does not have them. */
    private static final List<String> OR_NONE =
            List.of("prompt", "prompt_cache_retention", "prompt_cache_options", "moderation");

    private final ObjectNode fields = Json.object();

    EchoedRequest(Surface client) {
        JsonNode request = read(client);
        fields.put("background", request.path("background").asBoolean(false));
        for (String name : OR_NULL) {
            fields.set(name, orElse(request, name, Json.nodes().nullNode()));
        }
        for (String name : OR_NONE) {
            if (request.hasNonNull(name)) {
                fields.set(name, request.get(name));
            }
        }
        conversation(request);
        numbers(request);
        text(request);
        tools(request);
    }

    private static JsonNode read(Surface client) {
        try {
            return Json.readUtf8Without(client.body(), "input");
        } catch (MalformedJson e) {
            return Json.object(); // It was read before; without it the defaults do.
        }
    }

    private static JsonNode orElse(JsonNode request, String name, JsonNode other) {
        return request.hasNonNull(name) ? request.get(name) : other;
    }

    private void conversation(JsonNode request) {
        JsonNode given = request.path("conversation");
        if (given.isTextual()) {
            fields.putObject("conversation").put("id", given.textValue());
        } else if (given.isObject()) {
            fields.set("conversation", given);
        }
        fields.set("metadata", orElse(request, "metadata", Json.object()));
        // Nothing is stored that was not asked to be: the vendor's own default is another.
        fields.put("store", request.path("store").asBoolean(false));
    }

    private void numbers(JsonNode request) {
        fields.set("temperature", orElse(request, "temperature", Json.nodes().numberNode(1.0)));
        fields.set("top_p", orElse(request, "top_p", Json.nodes().numberNode(1.0)));
        fields.set("top_logprobs", orElse(request, "top_logprobs", Json.nodes().numberNode(0)));
    }

    private void text(JsonNode request) {
        ObjectNode text = fields.putObject("text");
        JsonNode given = request.path("text");
        JsonNode plain = Json.object().put("type", "text");
        text.set("format", orElse(given, "format", plain));
        text.set("verbosity", orElse(given, "verbosity", Json.nodes().textNode("medium")));
        ObjectNode reasoning = fields.putObject("reasoning");
        reasoning.putNull("effort").putNull("summary");
        if (request.get("reasoning") instanceof ObjectNode asked) {
            reasoning.setAll(asked);
        }
        fields.set(
                "service_tier", orElse(request, "service_tier", Json.nodes().textNode("default")));
        fields.set("truncation", orElse(request, "truncation", Json.nodes().textNode("disabled")));
    }

    private void tools(JsonNode request) {
        fields.set("tool_choice", orElse(request, "tool_choice", Json.nodes().textNode("auto")));
        fields.set(
                "parallel_tool_calls",
                orElse(request, "parallel_tool_calls", Json.nodes().booleanNode(true)));
        ArrayNode tools = fields.putArray("tools");
        for (JsonNode tool : request.path("tools")) {
            tools.add(complete(tool));
        }
    }

    /** A function with the fields that typed clients demand of it in an answer. */
    private static JsonNode complete(JsonNode tool) {
        if (!(tool instanceof ObjectNode given)
                || !given.path("type").asText().equals("function")) {
            return tool;
        }
        ObjectNode whole = Json.object();
        whole.setAll(given);
        for (String name : List.of("description", "parameters", "strict")) {
            if (!whole.has(name)) {
                whole.putNull(name);
            }
        }
        return whole;
    }

    void into(ObjectNode response) {
        response.setAll(fields);
    }
}

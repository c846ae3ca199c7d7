package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the uniform answer to a recorded xAI chat completion must be, worked out from the recording
 * alone, in the form of {@link NeutralReply}.
 */
public final class XaiChatAnswers {
    private XaiChatAnswers() {}

    public static ObjectNode expected(Recording recording) {
        JsonNode answer = recording.isStream() ? folded(recording.text()) : recording.body();
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.path("message");
        ObjectNode reply = Corpus.JSON.createObjectNode();
        reply.set("id", answer.path("id"));
        reply.set("model", answer.path("model"));
        ArrayNode parts = reply.putArray("parts");
        text(parts, "thinking", message.path("reasoning_content").asText(""));
        text(parts, "text", message.path("content").asText(""));
        for (JsonNode call : message.path("tool_calls")) {
            ObjectNode part = parts.addObject().put("kind", "tool_call");
            part.set("id", call.path("id"));
            part.set("name", call.path("function").path("name"));
            part.set("arguments", Corpus.json(call.path("function").path("arguments").asText()));
        }
        reply.putObject("stop").put("reason", stop(choice.path("finish_reason").asText()));
        reply.set("usage", usage(answer.path("usage"), answer.path("service_tier")));
        ArrayNode sources = reply.putArray("sources");
        answer.path("citations").forEach(url -> sources.addObject().set("url", url));
        return reply;
    }

    private static void text(ArrayNode parts, String kind, String text) {
        if (!text.isEmpty()) {
            parts.addObject().put("kind", kind).put("text", text);
        }
    }

    private static String stop(String reason) {
        return switch (reason) {
            case "stop" -> "END";
            case "tool_calls" -> "TOOL_CALL";
            case "length" -> "MAX_TOKENS";
            case "content_filter" -> "REFUSAL";
            default -> "none for " + reason;
        };
    }

    /** The chunks of a stream put together to one completion. */
    private static JsonNode folded(String stream) {
        ObjectNode answer = Corpus.JSON.createObjectNode();
        ObjectNode choice = answer.putArray("choices").addObject();
        ObjectNode message = choice.putObject("message");
        for (JsonNode chunk : Sse.data(stream)) {
            for (String field :
                    new String[] {"id", "model", "usage", "service_tier", "citations"}) {
                if (chunk.hasNonNull(field)) {
                    answer.set(field, chunk.path(field));
                }
            }
            for (JsonNode one : chunk.path("choices")) {
                delta(message, one.path("delta"));
                if (one.hasNonNull("finish_reason")) {
                    choice.set("finish_reason", one.path("finish_reason"));
                }
            }
        }
        return answer;
    }

    private static void delta(ObjectNode message, JsonNode delta) {
        for (String field : new String[] {"content", "reasoning_content"}) {
            String more = delta.path(field).asText("");
            message.put(field, message.path(field).asText("") + more);
        }
        delta.path("tool_calls").forEach(call -> message.withArray("/tool_calls").add(call));
    }

    /**
     * Thinking is beside the completion, so that the total has the output. Where more is cached
     * than the prompt has, all text was: the vendor's own bill counts so.
     */
    static ObjectNode usage(JsonNode usage, JsonNode tier) {
        JsonNode details = usage.path("prompt_tokens_details");
        long prompt = usage.path("prompt_tokens").asLong();
        long cached = details.path("cached_tokens").asLong();
        long plain = prompt - cached;
        if (plain < 0) {
            plain = prompt - details.path("text_tokens").asLong(prompt);
        }
        ObjectNode node = Corpus.JSON.createObjectNode();
        node.put("input", plain + cached);
        node.put("cached", cached);
        node.put("written_5m", 0);
        node.put("written_1h", 0);
        node.put("output", usage.path("total_tokens").asLong() - prompt);
        JsonNode thinking = usage.path("completion_tokens_details").path("reasoning_tokens");
        node.put("thinking", thinking.asLong());
        node.put("searches", 0);
        if (tier.isTextual()) {
            node.set("tier", tier);
        }
        return node;
    }
}

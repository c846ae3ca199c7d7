package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What the uniform answer to a recorded Anthropic message must be, worked out from the message
 * alone, in the form of {@link NeutralReply}.
 */
public final class AnthropicAnswers {
    /** Fields of a message with a place of their own; any other is carried raw. */
    private static final List<String> KNOWN =
            List.of(
                    "id",
                    "type",
                    "role",
                    "model",
                    "content",
                    "stop_reason",
                    "stop_sequence",
                    "stop_details",
                    "usage");

    private AnthropicAnswers() {}

    public static ObjectNode expected(JsonNode message) {
        ObjectNode reply = Corpus.JSON.createObjectNode();
        reply.set("id", message.path("id"));
        reply.set("model", message.path("model"));
        ArrayNode parts = reply.putArray("parts");
        ArrayNode sources = Corpus.JSON.createArrayNode();
        for (JsonNode block : message.path("content")) {
            part(block, parts, sources);
        }
        ObjectNode rest = Corpus.JSON.createObjectNode().put("type", "message_fields");
        for (var entry : message.properties()) {
            if (!KNOWN.contains(entry.getKey()) && !entry.getValue().isNull()) {
                rest.set(entry.getKey(), entry.getValue());
            }
        }
        if (rest.size() > 1) {
            parts.addObject().put("kind", "vendor_item").set("item", rest);
        }
        reply.set("stop", stop(message));
        reply.set("usage", usage(message.path("usage")));
        reply.set("sources", sources);
        return reply;
    }

    private static void part(JsonNode block, ArrayNode parts, ArrayNode sources) {
        switch (block.path("type").asText()) {
            case "text" -> text(block, parts);
            case "thinking" -> {
                ObjectNode part = parts.addObject().put("kind", "thinking");
                part.set("text", block.path("thinking"));
                if (!block.path("signature").asText("").isEmpty()) {
                    part.set("state", block.path("signature"));
                }
            }
            case "redacted_thinking" -> {
                ObjectNode part = parts.addObject().put("kind", "thinking").put("text", "");
                part.put("state", "redacted_thinking:" + block.path("data").asText());
            }
            case "tool_use" -> {
                ObjectNode part = parts.addObject().put("kind", "tool_call");
                part.set("id", block.path("id"));
                part.set("name", block.path("name"));
                part.set("arguments", block.path("input"));
            }
            default -> {
                parts.addObject().put("kind", "vendor_item").set("item", block);
                sources(block, sources);
            }
        }
    }

    /** A text that is empty leaves no part. */
    private static void text(JsonNode block, ArrayNode parts) {
        String text = block.path("text").asText();
        if (text.isEmpty()) {
            return;
        }
        ObjectNode part = parts.addObject().put("kind", "text").put("text", text);
        for (JsonNode raw : block.path("citations")) {
            ObjectNode citation = part.withArray("/citations").addObject();
            citation.put("start", 0);
            citation.put("end", text.codePointCount(0, text.length()));
            boolean search = raw.path("type").asText().equals("search_result_location");
            citation.set("url", search ? raw.path("source") : raw.path("url"));
            citation.set(
                    "title", raw.has("title") ? raw.path("title") : raw.path("document_title"));
            citation.set("quote", raw.path("cited_text"));
            if (search) {
                citation.set("source", raw.path("source"));
            } else if (raw.has("document_index")) {
                citation.put("source", raw.path("document_index").asText());
            }
        }
        if (part.has("citations")) {
            part.set("state", block.path("citations"));
        }
    }

    private static void sources(JsonNode block, ArrayNode sources) {
        if (!block.path("type").asText().equals("web_search_tool_result")) {
            return;
        }
        for (JsonNode result : block.path("content")) {
            if (!result.path("type").asText().equals("web_search_result")) {
                continue;
            }
            ObjectNode source = Corpus.JSON.createObjectNode();
            source.set("url", result.path("url"));
            source.set("title", result.path("title"));
            if (result.hasNonNull("page_age")) {
                source.set("published", result.path("page_age"));
            }
            boolean seen = false;
            for (JsonNode other : sources) {
                seen |= other.equals(source);
            }
            if (!seen) {
                sources.add(source);
            }
        }
    }

    private static ObjectNode stop(JsonNode message) {
        String raw = message.path("stop_reason").asText();
        ObjectNode stop = Corpus.JSON.createObjectNode();
        stop.put(
                "reason",
                switch (raw) {
                    case "end_turn" -> "END";
                    case "tool_use" -> "TOOL_CALL";
                    case "max_tokens", "model_context_window_exceeded" -> "MAX_TOKENS";
                    case "stop_sequence" -> "STOP_SEQUENCE";
                    case "refusal" -> "REFUSAL";
                    case "pause_turn", "compaction" -> "PAUSED";
                    default -> throw new AssertionError("no stop reason: " + raw);
                });
        if (message.hasNonNull("stop_sequence")) {
            stop.set("sequence", message.path("stop_sequence"));
        }
        if (raw.equals("model_context_window_exceeded") || raw.equals("compaction")) {
            stop.put("detail", raw);
        } else if (message.path("stop_details").hasNonNull("category")) {
            stop.set("detail", message.path("stop_details").path("category"));
        }
        return stop;
    }

    private static ObjectNode usage(JsonNode raw) {
        long written = raw.path("cache_creation_input_tokens").asLong();
        long read = raw.path("cache_read_input_tokens").asLong();
        long hour = raw.path("cache_creation").path("ephemeral_1h_input_tokens").asLong();
        ObjectNode usage = Corpus.JSON.createObjectNode();
        usage.put("input", raw.path("input_tokens").asLong() + written + read);
        usage.put("cached", read);
        usage.put("written_5m", written - hour);
        usage.put("written_1h", hour);
        usage.put("output", raw.path("output_tokens").asLong());
        usage.put("thinking", raw.path("output_tokens_details").path("thinking_tokens").asLong());
        usage.put("searches", raw.path("server_tool_use").path("web_search_requests").asLong());
        if (raw.hasNonNull("service_tier")) {
            usage.set("tier", raw.path("service_tier"));
        }
        return usage;
    }
}

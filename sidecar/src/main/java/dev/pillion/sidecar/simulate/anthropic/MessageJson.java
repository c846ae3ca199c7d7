package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.List;
import java.util.Set;

/** A whole answer as JSON. Version 2026-10-21 names every field, the older one leaves some out. */
final class MessageJson {
    private static final Set<String> CALLED =
            Set.of(
                    "tool_use",
                    "server_tool_use",
                    "web_search_tool_result",
                    "web_fetch_tool_result");

    private final AnthropicRequest request;
    private final AnthropicAnswer answer;
    private final PromptUsage usage;
    private final String id;

    MessageJson(AnthropicRequest request, AnthropicAnswer answer, PromptUsage usage, String id) {
        this.request = request;
        this.answer = answer;
        this.usage = usage;
        this.id = id;
    }

    List<ObjectNode> blocks() {
        return answer.content().stream().map(this::block).toList();
    }

    private ObjectNode block(ObjectNode block) {
        if (!request.modern()) {
            return block;
        }
        var full = block.deepCopy();
        if (CALLED.contains(full.path("type").asText())) {
            full.putObject("caller").put("type", "direct");
        }
        if (full.path("type").asText().equals("text") && !full.has("citations")) {
            full.putNull("citations");
        }
        return full;
    }

    ObjectNode whole() {
        var message = head();
        var content = message.putArray("content");
        blocks().forEach(content::add);
        ending(message);
        if (request.modern()) {
            message.putNull("diagnostics");
        }
        message.set("usage", usage(answer.outputTokens(), true));
        return message;
    }

    /** The message as a stream begins: nothing said yet. */
    ObjectNode begun() {
        var message = head();
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
        if (request.modern()) {
            message.putNull("container").putNull("diagnostics");
        }
        message.set("usage", usage(1, false));
        return message;
    }

    private ObjectNode head() {
        return Trees.object()
                .put("id", id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", request.modelId());
    }

    /** How the answer ended, as it stands in the message and in the stream's delta. */
    ObjectNode ending(ObjectNode into) {
        into.put("stop_reason", answer.stopReason()).put("stop_sequence", answer.stopSequence());
        into.set("stop_details", answer.refusal());
        return request.modern() ? into.putNull("container") : into;
    }

    /** The counts of a stream's last event. */
    ObjectNode finalUsage() {
        var counts =
                Trees.object()
                        .put("input_tokens", usage.fresh())
                        .put("cache_creation_input_tokens", written())
                        .put("cache_read_input_tokens", usage.read())
                        .put("output_tokens", answer.outputTokens());
        details(counts);
        return counts;
    }

    private int written() {
        return usage.written5m() + usage.written1h();
    }

    private JsonNode usage(int outputTokens, boolean finished) {
        var counts =
                Trees.object()
                        .put("input_tokens", usage.fresh())
                        .put("cache_creation_input_tokens", written())
                        .put("cache_read_input_tokens", usage.read());
        counts.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", usage.written5m())
                .put("ephemeral_1h_input_tokens", usage.written1h());
        counts.put("output_tokens", outputTokens);
        if (finished) {
            details(counts);
        }
        counts.put("service_tier", "standard");
        if (request.modern()) {
            counts.put("speed", "standard").put("inference_geo", "global");
        }
        return counts;
    }

    private void details(ObjectNode counts) {
        if (answer.thinkingTokens() > 0) {
            counts.putObject("output_tokens_details")
                    .put("thinking_tokens", answer.thinkingTokens());
        }
        if (answer.searches() > 0) {
            counts.putObject("server_tool_use")
                    .put("web_search_requests", answer.searches())
                    .put("web_fetch_requests", 0);
        }
        if (request.modern()) {
            for (var field : List.of("output_tokens_details", "server_tool_use")) {
                if (!counts.has(field)) {
                    counts.putNull(field);
                }
            }
        }
    }
}

package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import org.jspecify.annotations.Nullable;

/**
 * The {@code response} object. All fields that the typed SDKs demand are there, those of the
 * request among them as the client sent them.
 */
final class ResponseObject {
    private final ReplyContext context;
    private final EchoedRequest echo;

    ResponseObject(ReplyContext context) {
        this.context = context;
        this.echo = new EchoedRequest(context.client());
    }

    /** As it is while the answer is being made. */
    ObjectNode begun(String id) {
        return write(id, "in_progress", Json.nodes().nullNode(), Json.nodes().arrayNode(), null);
    }

    /** As it is at the end. */
    ObjectNode ended(String id, Ending ending, boolean refused, ArrayNode output) {
        String reason = Statuses.incomplete(ending.stop(), refused);
        JsonNode details =
                reason == null ? Json.nodes().nullNode() : Json.object().put("reason", reason);
        return write(id, Statuses.of(ending.stop(), refused), details, output, ending.usage());
    }

    private ObjectNode write(
            String id, String status, JsonNode details, ArrayNode output, @Nullable Usage usage) {
        ObjectNode response = Json.object().put("id", id).put("object", "response");
        response.put("created_at", context.createdEpochSeconds()).put("status", status);
        response.putNull("completed_at").putNull("error");
        response.set("incomplete_details", details);
        response.put("model", context.model());
        response.set("output", output);
        echo.into(response);
        String tier = usage == null ? null : usage.serviceTier();
        if (tier != null) {
            // The common tier has another name elsewhere.
            response.put("service_tier", tier.equals("standard") ? "default" : tier);
        }
        if (usage == null) {
            response.putNull("usage");
        } else {
            usage(usage, response);
        }
        return response;
    }

    private static void usage(Usage usage, ObjectNode response) {
        ObjectNode node = response.putObject("usage");
        node.put("input_tokens", usage.inputTokens());
        node.putObject("input_tokens_details")
                .put("cached_tokens", usage.cachedInputTokens())
                .put("cache_write_tokens", usage.cacheWriteTokens());
        node.put("output_tokens", usage.outputTokens());
        node.putObject("output_tokens_details").put("reasoning_tokens", usage.thinkingTokens());
        node.put("total_tokens", usage.inputTokens() + usage.outputTokens());
        if (usage.webSearches() > 0) {
            toolUsage(response.putObject("tool_usage"), usage.webSearches());
        }
    }

    /** Both tools are there, whichever of them was used: SDKs that check answers demand it. */
    private static void toolUsage(ObjectNode tools, long searches) {
        ObjectNode images = tools.putObject("image_gen").put("input_tokens", 0);
        images.putObject("input_tokens_details").put("image_tokens", 0).put("text_tokens", 0);
        images.put("output_tokens", 0);
        images.putObject("output_tokens_details").put("image_tokens", 0).put("text_tokens", 0);
        images.put("total_tokens", 0);
        tools.putObject("web_search").put("num_requests", searches);
    }
}

package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;

/**
 * Usage by Anthropic's arithmetic: {@code input_tokens} leaves out what was cached, every later
 * value replaces the earlier one, and an absent or null one keeps it.
 */
final class UsageReader {
    private final ObjectNode seen = Json.object();

    /** Takes the next usage object; gives the usage so far, in whole. */
    Usage merge(ObjectNode next) {
        if (next.hasNonNull("cache_creation_input_tokens")
                && !next.path("cache_creation").isObject()) {
            keepBreakdown(next.path("cache_creation_input_tokens").asLong());
        }
        for (var entry : next.properties()) {
            if (!entry.getValue().isNull()) {
                seen.set(entry.getKey(), entry.getValue());
            }
        }
        return usage();
    }

    /** A new total without its parts: what is not long-lived by the last parts is short-lived. */
    private void keepBreakdown(long total) {
        JsonNode parts = seen.path("cache_creation");
        if (parts.isObject()) {
            long hour = Math.min(total, count(parts, "ephemeral_1h_input_tokens"));
            ObjectNode corrected = Json.object();
            corrected.put("ephemeral_1h_input_tokens", hour);
            corrected.put("ephemeral_5m_input_tokens", total - hour);
            seen.set("cache_creation", corrected);
        }
    }

    private Usage usage() {
        long written = count(seen, "cache_creation_input_tokens");
        long read = count(seen, "cache_read_input_tokens");
        long hour = count(seen.path("cache_creation"), "ephemeral_1h_input_tokens");
        long five = count(seen.path("cache_creation"), "ephemeral_5m_input_tokens");
        if (hour + five != written) {
            hour = Math.min(hour, written);
            five = written - hour;
        }
        return new Usage(
                count(seen, "input_tokens") + written + read,
                read,
                five,
                hour,
                count(seen, "output_tokens"),
                count(seen.path("output_tokens_details"), "thinking_tokens"),
                0,
                0,
                count(seen.path("server_tool_use"), "web_search_requests"),
                AnthropicDecoder.text(seen.path("service_tier")),
                false);
    }

    private static long count(JsonNode node, String field) {
        return Math.max(0, node.path(field).asLong(0));
    }
}

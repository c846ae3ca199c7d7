package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Apart;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Usage by Anthropic's arithmetic: {@code input_tokens} leaves out what was cached, every later
 * value replaces the earlier one, and an absent or null one keeps it.
 */
final class UsageReader {
    private static final Set<String> ANYWHERE = Set.of("global", "not_available");

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
        return usage(
                seen,
                count(seen.path("output_tokens_details"), "thinking_tokens"),
                count(seen.path("server_tool_use"), "web_search_requests"),
                Apart.of(0, 0, 0, Map.of(), beside(), place(), served()));
    }

    private Usage usage(JsonNode counts, long thinking, long searches, Apart apart) {
        long written = count(counts, "cache_creation_input_tokens");
        long read = count(counts, "cache_read_input_tokens");
        long hour = count(counts.path("cache_creation"), "ephemeral_1h_input_tokens");
        long five = count(counts.path("cache_creation"), "ephemeral_5m_input_tokens");
        if (hour + five != written) {
            hour = Math.min(hour, written);
            five = written - hour;
        }
        return new Usage(
                count(counts, "input_tokens") + written + read,
                read,
                five,
                hour,
                count(counts, "output_tokens"),
                thinking,
                0,
                0,
                searches,
                tier(),
                false,
                0,
                0,
                apart);
    }

    /**
     * What the vendor's totals leave out: compacting the conversation, and another model's advice.
     */
    private List<Usage> beside() {
        JsonNode steps = seen.path("iterations");
        if (steps.isEmpty()) {
            return List.of();
        }
        List<Usage> all = new ArrayList<>();
        for (JsonNode step : steps) {
            String type = step.path("type").asText();
            if (type.equals("compaction") || type.equals("advisor_message")) {
                String model = AnthropicDecoder.text(step.path("model"));
                var apart = Apart.of(0, 0, 0, Map.of(), List.of(), place(), model);
                all.add(usage(step, 0, 0, apart));
            }
        }
        return all;
    }

    /** The model that the vendor fell back on, whose totals these are; null: it did not. */
    private @Nullable String served() {
        String model = null;
        for (JsonNode step : seen.path("iterations")) {
            if (step.path("type").asText().equals("fallback_message")) {
                model = AnthropicDecoder.text(step.path("model"));
            }
        }
        return model;
    }

    /** Fast mode, which has its own rates, goes for a tier. */
    private @Nullable String tier() {
        String speed = AnthropicDecoder.text(seen.path("speed"));
        return speed == null || speed.equals("standard")
                ? AnthropicDecoder.text(seen.path("service_tier"))
                : speed;
    }

    /** Where it was made; null where that is nowhere in particular. */
    private @Nullable String place() {
        String place = AnthropicDecoder.text(seen.path("inference_geo"));
        return place == null || ANYWHERE.contains(place) ? null : place;
    }

    private static long count(JsonNode node, String field) {
        return Math.max(0, node.path(field).asLong(0));
    }
}

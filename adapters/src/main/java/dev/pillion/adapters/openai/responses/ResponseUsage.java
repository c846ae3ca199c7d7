package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.openai.Citations;
import dev.pillion.protocol.chat.Usage;

/**
 * {@code usage}: cached and cache-writing tokens are part of the input's, reasoning is part of the
 * output's.
 */
final class ResponseUsage {
    private ResponseUsage() {}

    /** {@code searchesSeen} counts the searches among the items, where nothing else does. */
    static Usage of(JsonNode response, ResponsesQuirks quirks, long searchesSeen) {
        JsonNode usage = response.path("usage");
        JsonNode input = usage.path("input_tokens_details");
        long inputTokens = count(usage, "input_tokens");
        long outputTokens = count(usage, "output_tokens");
        if (quirks.shortPrompts()) {
            inputTokens = Math.max(inputTokens, count(input, "cached_tokens"));
        }
        long cached = Math.min(count(input, "cached_tokens"), inputTokens);
        long written = Math.min(count(input, "cache_write_tokens"), inputTokens - cached);
        long writtenLong =
                Math.min(
                        count(input.path("cache_write_tokens_details"), "ttl_12h_tokens"), written);
        return new Usage(
                inputTokens,
                cached,
                written - writtenLong,
                writtenLong,
                outputTokens,
                Math.min(
                        count(usage.path("output_tokens_details"), "reasoning_tokens"),
                        outputTokens),
                0,
                0,
                searches(response, quirks, searchesSeen),
                Citations.text(response, "service_tier"),
                hasOthers(response, quirks));
    }

    private static boolean hasOthers(JsonNode response, ResponsesQuirks quirks) {
        for (String pointer : quirks.otherCounts()) {
            if (response.at(pointer).asLong(0) > 0) {
                return true;
            }
        }
        return false;
    }

    private static long searches(JsonNode response, ResponsesQuirks quirks, long seen) {
        boolean counted = false;
        long sum = 0;
        for (String pointer : quirks.searchCounts()) {
            JsonNode count = response.at(pointer);
            counted |= count.isNumber();
            sum += Math.max(0, count.asLong(0));
        }
        return counted ? sum : seen;
    }

    private static long count(JsonNode from, String name) {
        return Math.max(0, from.path(name).asLong(0));
    }
}

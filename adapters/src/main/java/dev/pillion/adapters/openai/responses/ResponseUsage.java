package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.openai.Citations;
import dev.pillion.protocol.chat.Apart;
import dev.pillion.protocol.chat.Usage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
                false,
                0,
                0,
                Apart.of(
                        0,
                        0,
                        longest(usage, inputTokens),
                        calls(response, quirks.otherCounts()),
                        List.of(),
                        null,
                        Citations.text(response, "model")));
    }

    /** The last round's prompt, where a vendor sums up several. */
    private static long longest(JsonNode usage, long sum) {
        long last = count(usage.path("context_details"), "input_tokens");
        return last < sum ? last : 0;
    }

    private static Map<String, Long> calls(JsonNode response, Map<String, String> words) {
        Map<String, Long> calls = new HashMap<>();
        for (Map.Entry<String, String> each : words.entrySet()) {
            if (each.getKey().startsWith("/")) {
                long called = response.at(each.getKey()).asLong(0);
                if (called > 0) {
                    calls.merge(each.getValue(), called, Long::sum);
                }
            }
        }
        for (JsonNode item : response.path("output")) {
            String word = words.get(item.path("type").asText());
            if (word != null) {
                calls.merge(word, 1L, Long::sum);
            }
        }
        return calls;
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

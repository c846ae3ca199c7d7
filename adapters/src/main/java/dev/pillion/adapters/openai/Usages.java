package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Apart;
import dev.pillion.protocol.chat.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code usage}, in and out. Cached and cache-writing tokens are part of the prompt's; thinking is
 * part of the completion's at OpenAI but beside it at some servers, so that the output is what the
 * total leaves after the prompt.
 */
final class Usages {
    private Usages() {}

    /** {@code shortPrompts} is {@link Quirks#shortPrompts()}. */
    static Usage of(JsonNode usage, @Nullable String serviceTier, boolean shortPrompts) {
        JsonNode prompt = usage.path("prompt_tokens_details");
        JsonNode completion = usage.path("completion_tokens_details");
        long input = count(usage, "prompt_tokens");
        long output =
                Math.max(count(usage, "completion_tokens"), count(usage, "total_tokens") - input);
        long cached =
                Math.max(count(prompt, "cached_tokens"), count(usage, "prompt_cache_hit_tokens"));
        if (shortPrompts && cached > input) {
            // All of the text was cached then; pictures are counted beside it.
            input = cached + Math.max(0, input - text(prompt, input));
        }
        cached = Math.min(cached, input);
        long written = Math.min(count(prompt, "cache_write_tokens"), input - cached);
        long writtenLong =
                Math.min(
                        count(prompt.path("cache_write_tokens_details"), "ttl_12h_tokens"),
                        written);
        return new Usage(
                input,
                cached,
                written - writtenLong,
                writtenLong,
                output,
                Math.min(count(completion, "reasoning_tokens"), output),
                count(prompt, "audio_tokens"),
                count(completion, "audio_tokens"),
                searches(usage),
                serviceTier == null ? Citations.text(usage, "service_tier") : serviceTier,
                false,
                count(prompt, "image_tokens"),
                count(prompt, "video_tokens"),
                Apart.of(
                        count(prompt.path("cached_tokens_details"), "audio_tokens"),
                        count(completion, "image_tokens"),
                        0,
                        Map.of(),
                        List.of(),
                        null,
                        null));
    }

    private static long text(JsonNode prompt, long input) {
        return prompt.has("text_tokens") ? count(prompt, "text_tokens") : input;
    }

    private static long searches(JsonNode usage) {
        return Math.max(
                count(usage.path("server_tool_use_details"), "web_search_requests"),
                count(usage.path("server_tool_use"), "web_search_requests"));
    }

    private static long count(JsonNode from, String name) {
        return Math.max(0, from.path(name).asLong(0));
    }

    static void write(JsonGenerator json, Usage usage) throws IOException {
        json.writeStartObject();
        json.writeNumberField("prompt_tokens", usage.inputTokens());
        json.writeNumberField("completion_tokens", usage.outputTokens());
        json.writeNumberField("total_tokens", usage.inputTokens() + usage.outputTokens());
        json.writeObjectFieldStart("prompt_tokens_details");
        json.writeNumberField("cached_tokens", usage.cachedInputTokens());
        json.writeNumberField("cache_write_tokens", usage.cacheWriteTokens());
        json.writeNumberField("audio_tokens", usage.audioInputTokens());
        json.writeEndObject();
        json.writeObjectFieldStart("completion_tokens_details");
        json.writeNumberField("reasoning_tokens", usage.thinkingTokens());
        json.writeNumberField("audio_tokens", usage.audioOutputTokens());
        json.writeNumberField("accepted_prediction_tokens", 0);
        json.writeNumberField("rejected_prediction_tokens", 0);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The tier in this vendor's words; the common one has another name elsewhere. */
    static @Nullable String tier(@Nullable String tier) {
        return "standard".equals(tier) ? "default" : tier;
    }
}

package dev.pillion.sidecar.account;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Apart;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.telemetry.InstantText;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A ledger's entry as JSON, with the request log's names. Fields that say nothing (null, 0, false)
 * are left out, and fields that a later release adds are passed over, so that a ledger outlives
 * releases in both directions.
 */
final class EntryJson {
    private EntryJson() {}

    static void write(JsonGenerator json, Entry entry, InstantText instants) throws IOException {
        json.writeStartObject();
        json.writeStringField("ts", instants.of(entry.ts()));
        json.writeStringField("request_id", entry.requestId());
        json.writeNumberField("attempt", entry.attempt());
        json.writeStringField("caller", entry.caller());
        if (entry.uid() != null) {
            json.writeNumberField("uid", entry.uid());
        }
        json.writeStringField("surface", entry.surface());
        text(json, "class", entry.modelClass());
        json.writeStringField("provider", entry.provider());
        json.writeStringField("model", entry.model());
        text(json, "key_id", entry.keyId());
        flag(json, "stream", entry.stream());
        json.writeStringField("outcome", entry.outcome());
        json.writeNumberField("ms", entry.millis());
        usage(json, entry.usage());
        cost(json, entry.cost());
        if (!entry.tags().isEmpty()) {
            json.writeObjectFieldStart("tags");
            for (Map.Entry<String, String> tag : entry.tags().entrySet()) {
                json.writeStringField(tag.getKey(), tag.getValue());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void usage(JsonGenerator json, Usage usage) throws IOException {
        count(json, "input_tokens", usage.inputTokens());
        count(json, "cached_input_tokens", usage.cachedInputTokens());
        count(json, "cache_write_5m_tokens", usage.cacheWrite5mTokens());
        count(json, "cache_write_1h_tokens", usage.cacheWrite1hTokens());
        count(json, "output_tokens", usage.outputTokens());
        count(json, "thinking_tokens", usage.thinkingTokens());
        count(json, "audio_input_tokens", usage.audioInputTokens());
        count(json, "image_input_tokens", usage.imageInputTokens());
        count(json, "video_input_tokens", usage.videoInputTokens());
        count(json, "audio_output_tokens", usage.audioOutputTokens());
        count(json, "web_searches", usage.webSearches());
        text(json, "service_tier", usage.serviceTier());
        flag(json, "estimated_usage", usage.estimated());
        if (!usage.apart().equals(Apart.NOTHING)) {
            apart(json, usage.apart());
        }
    }

    private static void apart(JsonGenerator json, Apart apart) throws IOException {
        count(json, "cached_audio_tokens", apart.cachedAudioTokens());
        count(json, "image_output_tokens", apart.imageOutputTokens());
        count(json, "longest_prompt_tokens", apart.longestPrompt());
        text(json, "place", apart.place());
        text(json, "answered_by", apart.model());
        if (!apart.beside().isEmpty()) {
            json.writeArrayFieldStart("beside");
            for (Usage each : apart.beside()) {
                json.writeStartObject();
                usage(json, each);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!apart.calls().isEmpty()) {
            json.writeObjectFieldStart("calls");
            for (Map.Entry<String, Long> call : apart.calls().entrySet()) {
                json.writeNumberField(call.getKey(), call.getValue());
            }
            json.writeEndObject();
        }
    }

    private static List<Usage> beside(JsonNode json) {
        List<Usage> all = new ArrayList<>();
        json.forEach(each -> all.add(usageOf(each)));
        return all;
    }

    private static Apart apartOf(JsonNode json) {
        Map<String, Long> calls = new LinkedHashMap<>();
        json.path("calls")
                .properties()
                .forEach(call -> calls.put(call.getKey(), call.getValue().asLong()));
        return Apart.of(
                json.path("cached_audio_tokens").asLong(),
                json.path("image_output_tokens").asLong(),
                json.path("longest_prompt_tokens").asLong(),
                calls,
                beside(json.path("beside")),
                textOf(json, "place"),
                textOf(json, "answered_by"));
    }

    private static void cost(JsonGenerator json, Cost cost) throws IOException {
        text(json, "cost_usd", cost.usd() == null ? null : cost.usd().toPlainString());
        flag(json, "estimated", cost.estimated());
        text(json, "prices_as_of", cost.pricesAsOf() == null ? null : cost.pricesAsOf().toString());
    }

    private static void text(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void count(JsonGenerator json, String name, long value) throws IOException {
        if (value != 0) {
            json.writeNumberField(name, value);
        }
    }

    private static void flag(JsonGenerator json, String name, boolean value) throws IOException {
        if (value) {
            json.writeBooleanField(name, true);
        }
    }

    /**
     * The entry that was written.
     *
     * @throws java.time.DateTimeException when the text is no entry; also
     * @throws NumberFormatException when its cost is no number
     */
    static Entry read(JsonNode json) {
        return new Entry(
                Instant.parse(json.path("ts").asText()),
                json.path("request_id").asText(),
                json.path("attempt").asInt(),
                json.path("caller").asText(),
                json.has("uid") ? json.path("uid").asLong() : null,
                tags(json.path("tags")),
                json.path("surface").asText(),
                textOf(json, "class"),
                json.path("provider").asText(),
                json.path("model").asText(),
                textOf(json, "key_id"),
                json.path("stream").asBoolean(),
                json.path("outcome").asText(),
                json.path("ms").asLong(),
                usageOf(json),
                costOf(json));
    }

    private static Usage usageOf(JsonNode json) {
        return new Usage(
                json.path("input_tokens").asLong(),
                json.path("cached_input_tokens").asLong(),
                json.path("cache_write_5m_tokens").asLong(),
                json.path("cache_write_1h_tokens").asLong(),
                json.path("output_tokens").asLong(),
                json.path("thinking_tokens").asLong(),
                json.path("audio_input_tokens").asLong(),
                json.path("audio_output_tokens").asLong(),
                json.path("web_searches").asLong(),
                textOf(json, "service_tier"),
                json.path("estimated_usage").asBoolean(),
                json.path("image_input_tokens").asLong(),
                json.path("video_input_tokens").asLong(),
                apartOf(json));
    }

    private static Cost costOf(JsonNode json) {
        String usd = textOf(json, "cost_usd");
        String asOf = textOf(json, "prices_as_of");
        return new Cost(
                usd == null ? null : new BigDecimal(usd),
                json.path("estimated").asBoolean(),
                asOf == null ? null : LocalDate.parse(asOf));
    }

    private static Map<String, String> tags(JsonNode json) {
        Map<String, String> tags = new LinkedHashMap<>();
        json.properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
        return tags;
    }

    private static @Nullable String textOf(JsonNode json, String name) {
        return json.has(name) ? json.path(name).asText() : null;
    }
}

package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Headers;
import org.jspecify.annotations.Nullable;

/** Usage as answers tell it, whose chunks may also come as the elements of one array. */
final class GeminiUsageWatch implements UsageWatch {
    private final GeminiGrounding grounding = new GeminiGrounding();
    private final GeminiUsage reader;
    private @Nullable Usage usage;

    GeminiUsageWatch(Headers reply) {
        reader = new GeminiUsage(reply.get(GeminiUsage.TIER_HEADER));
    }

    @Override
    public void saw(JsonNode answer) {
        if (answer.isArray()) {
            answer.forEach(this::saw);
            return;
        }
        for (JsonNode candidate : answer.path("candidates")) {
            grounding.add(candidate, _ -> {});
        }
        usage = reader.merge(answer.path("usageMetadata"), grounding.asked());
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }
}

package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import org.jspecify.annotations.Nullable;

/**
 * {@code usageMetadata}, outward: the prompt counts what was cached, the candidates leave out
 * thinking.
 */
final class GeminiUsageWriter {
    private GeminiUsageWriter() {}

    static ObjectNode write(Usage usage) {
        ObjectNode node = Json.object();
        node.put("promptTokenCount", usage.inputTokens());
        long visible = Math.max(0, usage.outputTokens() - usage.thinkingTokens());
        node.put("candidatesTokenCount", visible);
        node.put("totalTokenCount", usage.inputTokens() + usage.outputTokens());
        if (usage.thinkingTokens() > 0) {
            node.put("thoughtsTokenCount", usage.outputTokens() - visible);
        }
        if (usage.cachedInputTokens() > 0) {
            node.put("cachedContentTokenCount", usage.cachedInputTokens());
        }
        audio(node, "promptTokensDetails", usage.inputTokens(), usage.audioInputTokens());
        audio(node, "candidatesTokensDetails", visible, usage.audioOutputTokens());
        String tier = tier(usage.serviceTier());
        if (tier != null) {
            node.put("serviceTier", tier);
        }
        return node;
    }

    private static void audio(ObjectNode node, String field, long total, long audio) {
        if (audio > 0) {
            var details = node.putArray(field);
            details.addObject().put("modality", "AUDIO").put("tokenCount", audio);
            if (total > audio) {
                details.addObject().put("modality", "TEXT").put("tokenCount", total - audio);
            }
        }
    }

    /** The common tier has another name elsewhere. */
    private static @Nullable String tier(@Nullable String tier) {
        return "default".equals(tier) ? "standard" : tier;
    }
}

package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Apart;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Usage by Gemini's arithmetic: what tools fed back stands beside the prompt, thoughts beside the
 * visible output, and what was cached within the prompt. Each chunk repeats it in whole; what is
 * absent is 0. A chunk that counts nothing (as Vertex sends first) changes nothing.
 */
final class GeminiUsage {
    static final String TIER_HEADER = "x-gemini-service-tier";

    private ObjectNode counts = Json.object();
    private boolean seen;
    private @Nullable String tier;

    /**
     * @param tier the effective tier by the answer's header, which wins
     */
    GeminiUsage(@Nullable String tier) {
        this.tier = tier == null ? null : tier.toLowerCase(Locale.ROOT);
    }

    /** Takes what a chunk says; gives the usage so far, null while there is none. */
    @Nullable Usage merge(JsonNode next, GeminiAsked asked) {
        boolean counted = next.has("totalTokenCount") || next.has("promptTokenCount");
        if (counted && next instanceof ObjectNode object) {
            counts = object;
            seen = true;
        }
        String said = GeminiParts.text(next, "serviceTier");
        if (tier == null && said != null) {
            tier = said.toLowerCase(Locale.ROOT);
        }
        return seen ? usage(asked) : null;
    }

    private Usage usage(GeminiAsked asked) {
        long thoughts = count("thoughtsTokenCount");
        return new Usage(
                count("promptTokenCount") + count("toolUsePromptTokenCount"),
                count("cachedContentTokenCount"),
                0,
                0,
                count("candidatesTokenCount") + thoughts,
                thoughts,
                prompt("AUDIO"),
                of("candidatesTokensDetails", "AUDIO"),
                asked.searches(),
                tier,
                false,
                prompt("IMAGE"),
                prompt("VIDEO"),
                Apart.of(
                        of("cacheTokensDetails", "AUDIO"),
                        of("candidatesTokensDetails", "IMAGE"),
                        0,
                        asked.calls(),
                        List.of(),
                        null,
                        null));
    }

    private long count(String field) {
        return Math.max(0, counts.path(field).asLong(0));
    }

    /** Embeddings have their own word for it. */
    private long prompt(String modality) {
        return of("promptTokensDetails", modality)
                + of("promptTokenDetails", modality)
                + of("toolUsePromptTokensDetails", modality);
    }

    private long of(String details, String modality) {
        return modality(counts.path(details), modality);
    }

    /** How many of the tokens that are listed by their modality have that one. */
    static long modality(JsonNode details, String modality) {
        long tokens = 0;
        for (JsonNode detail : details) {
            if (detail.path("modality").asText().equals(modality)) {
                tokens += Math.max(0, detail.path("tokenCount").asLong(0));
            }
        }
        return tokens;
    }
}

package dev.pillion.sidecar.config;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.protocol.chat.Effort;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is assumed of a model that the catalog does not know: that it can do everything. */
final class Unlisted {
    private Unlisted() {}

    static ModelConfig model(String provider, String vendorId) {
        var traits =
                new ModelTraits(
                        vendorId,
                        Set.copyOf(EnumSet.allOf(Capability.class)),
                        Set.of(),
                        0,
                        0,
                        List.of(Effort.LOW, Effort.MEDIUM, Effort.HIGH),
                        ModelTraits.Thinking.ADAPTIVE);
        return new ModelConfig(
                provider + "/" + vendorId,
                provider,
                vendorId,
                List.of(),
                null,
                traits,
                new Prices.Unknown(),
                List.of());
    }

    /** The vendor that an unqualified id's own name tells; null when it tells none. */
    static @Nullable String providerByName(String id) {
        if (id.startsWith("claude-")) {
            return Speaks.ANTHROPIC.wire();
        }
        if (id.matches("(gpt-|chatgpt-|o[0-9]|text-embedding-|ft:gpt-).*")) {
            return Speaks.OPENAI.wire();
        }
        if (id.startsWith("grok-")) {
            return Speaks.XAI.wire();
        }
        return id.startsWith("gemini-") ? Speaks.GEMINI.wire() : null;
    }
}

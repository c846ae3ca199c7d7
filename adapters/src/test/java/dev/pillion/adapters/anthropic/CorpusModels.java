package dev.pillion.adapters.anthropic;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.ModelTraits.Thinking;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.Effort;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Traits of the models that recordings name; source: Anthropic's model pages, autumn 2026. */
final class CorpusModels {
    private static final List<String> OLD =
            List.of("claude-2", "claude-3-5", "claude-3-h", "claude-3-o");
    private static final List<String> BUDGET =
            List.of(
                    "claude-3-7",
                    "claude-sonnet-4-0",
                    "claude-sonnet-4-2",
                    "claude-opus-4-0",
                    "claude-opus-4-1",
                    "claude-opus-4-2",
                    "claude-opus-4-5",
                    "claude-sonnet-4-5",
                    "claude-haiku-4-5");
    private static final List<String> LAST_WITH_SAMPLING =
            List.of("claude-opus-4-6", "claude-sonnet-4-6");
    private static final List<String> MID_SYSTEM =
            List.of(
                    "claude-opus-4-8",
                    "claude-opus-5",
                    "claude-fable",
                    "claude-mythos",
                    "claude-sonnet-5-5",
                    "claude-haiku-5-5");
    private static final List<String> ALWAYS =
            List.of("claude-fable", "claude-mythos", "claude-opus-5-5", "claude-sonnet-5-5");

    private CorpusModels() {}

    static ModelTraits of(String id) {
        boolean old = starts(id, OLD) || starts(id, BUDGET);
        boolean sampling = old || starts(id, LAST_WITH_SAMPLING);
        Set<Refusal> refuses = new java.util.HashSet<>();
        if (!sampling) {
            refuses.addAll(List.of(Refusal.SAMPLING, Refusal.PREFILL));
        }
        if (!starts(id, MID_SYSTEM)) {
            refuses.add(Refusal.MID_SYSTEM);
        }
        if (starts(id, ALWAYS)) {
            refuses.add(Refusal.THINKING_OFF);
        }
        return new ModelTraits(
                id,
                Set.of(Capability.values()),
                refuses,
                200_000,
                0,
                efforts(id, old),
                thinking(id));
    }

    private static List<Effort> efforts(String id, boolean old) {
        if (old) {
            return List.of();
        }
        return starts(id, LAST_WITH_SAMPLING)
                ? List.of(Effort.LOW, Effort.MEDIUM, Effort.HIGH, Effort.MAX)
                : Samples.EFFORTS;
    }

    private static @Nullable Thinking thinking(String id) {
        if (starts(id, OLD)) {
            return null;
        }
        if (starts(id, BUDGET)) {
            return Thinking.BUDGET;
        }
        return starts(id, ALWAYS) ? Thinking.ALWAYS : Thinking.ADAPTIVE;
    }

    private static boolean starts(String id, List<String> prefixes) {
        return prefixes.stream().anyMatch(id::startsWith);
    }
}

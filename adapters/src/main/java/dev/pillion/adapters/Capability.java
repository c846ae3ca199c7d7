package dev.pillion.adapters;

import java.util.Locale;

/** What a model can do; the words of the configuration's {@code can}. */
public enum Capability {
    TOOLS,
    PARALLEL_TOOLS,
    JSON,
    JSON_SCHEMA,
    WEBSEARCH,
    VISION,
    DOCUMENTS,
    AUDIO,
    VIDEO,
    THINKING,
    STREAM,
    PROMPT_CACHE,
    EMBEDDINGS;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}

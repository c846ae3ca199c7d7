package dev.pillion.protocol.chat;

import java.util.Locale;

/** What a request needs of whoever serves it. */
public enum Need {
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
    STREAM;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}

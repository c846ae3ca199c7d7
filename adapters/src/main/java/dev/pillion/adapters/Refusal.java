package dev.pillion.adapters;

import java.util.Locale;

/** What a model answers with 400; the words of the configuration's {@code refuses}. */
public enum Refusal {
    /** Temperature and top_p. */
    SAMPLING,
    /** Thinking switched off. */
    THINKING_OFF,
    /** A tool choice that forces a call. */
    FORCED_TOOLS,
    /** A conversation that ends with an assistant message. */
    PREFILL,
    /** Function tools on Chat Completions while the model thinks. */
    TOOLS_ON_CHAT,
    /** A system message in mid conversation. */
    MID_SYSTEM,
    /** Stop sequences. */
    STOP,
    /** Presence and frequency penalties, logit bias. */
    PENALTIES,
    /** Chat Completions altogether: only the Responses API serves it. */
    CHAT;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}

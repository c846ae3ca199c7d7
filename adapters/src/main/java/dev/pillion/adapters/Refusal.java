package dev.pillion.adapters;

import java.util.Locale;

/** What a model answers with 400; the words of the configuration's {@code refuses}. */
public enum Refusal {
    /** Temperature and top_p, unless it is told not to think, where it can be told so. */
    SAMPLING,
    /** Temperature and top_p, once it is told to think; by itself it does not. */
    SAMPLING_THINKING,
    /** Temperature and top_p together; either alone is taken. */
    TEMPERATURE_WITH_TOP_P,
    /** Thinking switched off. */
    THINKING_OFF,
    /** A tool choice that forces a call. */
    FORCED_TOOLS,
    /** A conversation that ends with an assistant message. */
    PREFILL,
    /** Function tools on Chat Completions while the model thinks. */
    TOOLS_ON_CHAT,
    /** Those tools there once the model is told to think; by itself it does not. */
    TOOLS_ON_CHAT_THINKING,
    /** A conversation that begins with an assistant message. */
    ASSISTANT_FIRST,
    /** A system message in mid conversation. */
    MID_SYSTEM,
    /** Stop sequences. */
    STOP,
    /** Presence and frequency penalties, logit bias. */
    PENALTIES,
    /** JSON output beside tools. */
    JSON_WITH_TOOLS,

    /** Function tools beside the vendor's own web search or other tools of the vendor. */
    MIXED_TOOLS,

    /** Pictures, documents, sound and video inside a tool's result. */
    TOOL_MEDIA,

    /** The older {@code max_tokens} on Chat Completions, in place of its successor. */
    MAX_TOKENS_ON_CHAT,
    /** Chat Completions altogether: only the Responses API serves it. */
    CHAT,
    /** The Responses API: only Chat Completions serves it. */
    RESPONSES;

    /** Whether only one of its vendor's APIs refuses it, so that another may serve. */
    public boolean ofOneApi() {
        return switch (this) {
            case TOOLS_ON_CHAT, TOOLS_ON_CHAT_THINKING, MAX_TOKENS_ON_CHAT, CHAT, RESPONSES -> true;
            case SAMPLING,
                    SAMPLING_THINKING,
                    TEMPERATURE_WITH_TOP_P,
                    THINKING_OFF,
                    FORCED_TOOLS,
                    PREFILL,
                    ASSISTANT_FIRST,
                    MID_SYSTEM,
                    STOP,
                    PENALTIES,
                    JSON_WITH_TOOLS,
                    MIXED_TOOLS,
                    TOOL_MEDIA ->
                    false;
        };
    }

    /** What of a request it refuses, as a JSON pointer into the uniform form. */
    public String field() {
        return switch (this) {
            case SAMPLING, SAMPLING_THINKING -> "/sampling";
            case TEMPERATURE_WITH_TOP_P -> "/sampling/top_p";
            case THINKING_OFF -> "/thinking/effort";
            case FORCED_TOOLS -> "/tool_choice";
            case PREFILL, ASSISTANT_FIRST, MID_SYSTEM, TOOL_MEDIA -> "/messages";
            case STOP -> "/output/stop";
            case JSON_WITH_TOOLS -> "/output";
            case MAX_TOKENS_ON_CHAT -> "/output/max_tokens";
            case PENALTIES -> "/vendor";
            case MIXED_TOOLS, TOOLS_ON_CHAT, TOOLS_ON_CHAT_THINKING -> "/tools";
            case CHAT, RESPONSES -> "/model";
        };
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}

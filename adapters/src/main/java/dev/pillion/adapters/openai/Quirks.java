package dev.pillion.adapters.openai;

import dev.pillion.protocol.chat.Effort;

/**
 * How a server that speaks Chat Completions differs from the format's common ground.
 *
 * @param maxTokensField the field for the answer's bound
 * @param usageInStream whether usage must be asked for in a stream
 * @param obfuscation whether the server pads its events with noise unless told not to
 * @param allowedTools whether {@code tool_choice} may name the allowed tools; otherwise only those
 *     are sent
 * @param strictSubset whether strict schemas must lie in the format's subset of JSON Schema
 * @param pairedResults whether a tool's result is refused that answers no call before it
 * @param toolPictures whether a tool's message may hold pictures beside text
 * @param repeats whether the server is known to send over again what the conversation ends with, or
 *     its last piece of thinking
 * @param shortPrompts whether the prompt's count may leave out what came from the cache, so that
 *     more is cached than the prompt seems to have
 * @param maxCallIdChars the longest id of a tool call; longer ones are replaced by their hash
 * @param maxEffort the highest effort level that the format takes there
 */
public record Quirks(
        String maxTokensField,
        boolean usageInStream,
        boolean obfuscation,
        boolean allowedTools,
        boolean strictSubset,
        boolean pairedResults,
        boolean toolPictures,
        boolean repeats,
        boolean shortPrompts,
        int maxCallIdChars,
        Effort maxEffort) {
    /** Any compatible server. */
    public static final Quirks NONE =
            new Quirks(
                    "max_completion_tokens",
                    true,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    1_000,
                    Effort.MAX);

    /** OpenAI's own servers: Chat Completions ends at {@code xhigh} there. */
    public static final Quirks OPENAI =
            new Quirks(
                    "max_completion_tokens",
                    true,
                    true,
                    true,
                    true,
                    true,
                    false,
                    false,
                    false,
                    40,
                    Effort.XHIGH);

    /** xAI, as of 2026-11-22. */
    public static final Quirks XAI =
            new Quirks(
                    "max_completion_tokens",
                    true,
                    false,
                    false,
                    false,
                    false,
                    true,
                    true,
                    true,
                    1_000,
                    Effort.MAX);

    /** The differences of a configured provider, by its name. */
    static Quirks of(String provider) {
        return provider.equals(Marks.SPEAKS) ? OPENAI : NONE;
    }
}

package dev.pillion.adapters.openai;

import dev.pillion.protocol.chat.Effort;
import java.util.Map;

/**
 * How a server that speaks Chat Completions differs from the format's common ground.
 *
 * @param maxTokensField the field for the answer's bound; the format's other one is taken to be
 *     refused
 * @param usageInStream whether usage must be asked for in a stream; otherwise it comes unasked, and
 *     {@code stream_options} is taken to be refused
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
 * @param searchOptions whether models that can search do so by {@code web_search_options}
 * @param callIds which ids of tool calls are taken; others are replaced by their hash
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
        boolean searchOptions,
        CallIds callIds,
        Effort maxEffort) {
    private static final String USUAL_MAX_TOKENS = "max_completion_tokens";

    /** Any compatible server. */
    public static final Quirks NONE =
            new Quirks(
                    USUAL_MAX_TOKENS,
                    true,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    true,
                    CallIds.atMost(1_000),
                    Effort.MAX);

    /** OpenAI's own servers: Chat Completions ends at {@code xhigh} there. */
    public static final Quirks OPENAI =
            new Quirks(
                    USUAL_MAX_TOKENS,
                    true,
                    true,
                    true,
                    true,
                    true,
                    false,
                    false,
                    false,
                    true,
                    CallIds.atMost(40),
                    Effort.XHIGH);

    /** xAI, as of 2026-11-22. */
    public static final Quirks XAI =
            new Quirks(
                    USUAL_MAX_TOKENS,
                    true,
                    false,
                    false,
                    false,
                    false,
                    true,
                    true,
                    true,
                    false,
                    CallIds.atMost(1_000),
                    Effort.MAX);

    /** Servers that {@code speaks: openai} reaches, by the provider's name; any other has none. */
    private static final Map<String, Quirks> BY_PROVIDER = Map.of(Marks.SPEAKS, OPENAI);

    /** The differences of a configured provider, by its name. */
    static Quirks of(String provider) {
        return BY_PROVIDER.getOrDefault(provider, NONE);
    }

    /**
     * Whether the server takes what the format's own clients send, and what is asked for in
     * passing, so that their bodies may go through as they are.
     */
    boolean passable() {
        return maxTokensField.equals(USUAL_MAX_TOKENS) && usageInStream && !callIds.narrow();
    }
}

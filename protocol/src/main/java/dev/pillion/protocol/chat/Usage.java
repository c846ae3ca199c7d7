package dev.pillion.protocol.chat;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of one answer, by the contract's arithmetic: {@code inputTokens} is the total prompt,
 * cached and cache-writing parts included; {@code outputTokens} is the total, thinking included.
 *
 * @param cacheWrite5mTokens tokens written to a cache of the short life (also where a vendor has
 *     one life only)
 * @param audioInputTokens how many of {@code inputTokens} are sound, where the vendor says so; as
 *     {@code imageInputTokens} and {@code videoInputTokens}
 * @param serviceTier the tier that the vendor says it used, e.g. {@code priority}; null: not said
 * @param estimated true where the vendor gave no (final) usage and this is Pillion's estimate
 * @param apart what only some vendors count or price apart
 */
public record Usage(
        long inputTokens,
        long cachedInputTokens,
        long cacheWrite5mTokens,
        long cacheWrite1hTokens,
        long outputTokens,
        long thinkingTokens,
        long audioInputTokens,
        long audioOutputTokens,
        long webSearches,
        @Nullable String serviceTier,
        boolean estimated,
        long imageInputTokens,
        long videoInputTokens,
        Apart apart) {

    /** Of what every vendor prices in one way. */
    public Usage(
            long inputTokens,
            long cachedInputTokens,
            long cacheWrite5mTokens,
            long cacheWrite1hTokens,
            long outputTokens,
            long thinkingTokens,
            long audioInputTokens,
            long audioOutputTokens,
            long webSearches,
            @Nullable String serviceTier,
            boolean estimated,
            long imageInputTokens,
            long videoInputTokens) {
        this(
                inputTokens,
                cachedInputTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                outputTokens,
                thinkingTokens,
                audioInputTokens,
                audioOutputTokens,
                webSearches,
                serviceTier,
                estimated,
                imageInputTokens,
                videoInputTokens,
                Apart.NOTHING);
    }

    /** Of text and sound alone, or of media that are billed as text is. */
    public Usage(
            long inputTokens,
            long cachedInputTokens,
            long cacheWrite5mTokens,
            long cacheWrite1hTokens,
            long outputTokens,
            long thinkingTokens,
            long audioInputTokens,
            long audioOutputTokens,
            long webSearches,
            @Nullable String serviceTier,
            boolean estimated) {
        this(
                inputTokens,
                cachedInputTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                outputTokens,
                thinkingTokens,
                audioInputTokens,
                audioOutputTokens,
                webSearches,
                serviceTier,
                estimated,
                0,
                0);
    }

    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, null, false);

    /** The same with so many tokens of output, which nobody counted. */
    public Usage estimatedOutput(long tokens) {
        return new Usage(
                inputTokens,
                cachedInputTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                tokens,
                thinkingTokens,
                audioInputTokens,
                audioOutputTokens,
                webSearches,
                serviceTier,
                true,
                imageInputTokens,
                videoInputTokens,
                apart);
    }

    public long cacheWriteTokens() {
        return cacheWrite5mTokens + cacheWrite1hTokens;
    }

    /** The tokens of both; what else there is, is this one's. */
    public Usage plusTokens(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens,
                cachedInputTokens + other.cachedInputTokens,
                cacheWrite5mTokens + other.cacheWrite5mTokens,
                cacheWrite1hTokens + other.cacheWrite1hTokens,
                outputTokens + other.outputTokens,
                thinkingTokens + other.thinkingTokens,
                audioInputTokens + other.audioInputTokens,
                audioOutputTokens + other.audioOutputTokens,
                webSearches,
                serviceTier,
                estimated,
                imageInputTokens + other.imageInputTokens,
                videoInputTokens + other.videoInputTokens,
                apart);
    }
}

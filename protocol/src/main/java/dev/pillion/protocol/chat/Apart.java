package dev.pillion.protocol.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What only some vendors count or price apart; nothing of it for most answers.
 *
 * @param cachedAudioTokens how many of the cached tokens are sound
 * @param imageOutputTokens how many of the output's tokens are pictures
 * @param longestPrompt tokens of the longest prompt, where the input is the sum of several rounds
 *     that the vendor ran by itself; 0: the input is one prompt
 * @param calls of tools that are billed by the call, other than web searches: the catalog's word
 *     for each, and how often it was called, at least once
 * @param beside what the vendor used beside the totals that it tells, e.g. to compact a long
 *     conversation or to ask another model for advice, which is then named
 * @param place where the answer was made, in the vendor's words, e.g. {@code us}; null: not said
 * @param model the model that answered, in the vendor's words; null: not said, so the one asked for
 */
public record Apart(
        long cachedAudioTokens,
        long imageOutputTokens,
        long longestPrompt,
        Map<String, Long> calls,
        List<Usage> beside,
        @Nullable String place,
        @Nullable String model) {
    public static final Apart NOTHING = new Apart(0, 0, 0, Map.of(), List.of(), null, null);

    public Apart {
        calls = Map.copyOf(calls);
        beside = List.copyOf(beside);
    }

    /** The same, as the one {@link #NOTHING} where it is nothing. */
    public static Apart of(
            long cachedAudioTokens,
            long imageOutputTokens,
            long longestPrompt,
            Map<String, Long> calls,
            List<Usage> beside,
            @Nullable String place,
            @Nullable String model) {
        boolean uncounted = (cachedAudioTokens | imageOutputTokens | longestPrompt) == 0;
        boolean unsaid = place == null && model == null;
        return uncounted && unsaid && calls.isEmpty() && beside.isEmpty()
                ? NOTHING
                : new Apart(
                        cachedAudioTokens,
                        imageOutputTokens,
                        longestPrompt,
                        calls,
                        beside,
                        place,
                        model);
    }
}

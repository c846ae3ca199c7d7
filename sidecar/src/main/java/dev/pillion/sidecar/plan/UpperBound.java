package dev.pillion.sidecar.plan;

import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.account.PriceBook;
import dev.pillion.sidecar.config.ModelConfig;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The most that a request can cost at a model, known before it is sent. */
final class UpperBound {
    /** How every reason begins. */
    static final String OVER = "over the cost ceiling: ";

    private UpperBound() {}

    /** Why the model may cost more than the ceiling; null when it can't. */
    static @Nullable String whyOver(
            Ask.Ceiling ceiling, Set<Need> needs, ModelConfig model, Instant now) {
        Integer searches = ceiling.searches();
        if (searches == null) {
            return OVER
                    + "web search without websearch.max_uses has no bound (the configuration's"
                    + " websearch.assumed_searches may state one)";
        }
        Integer asked = ceiling.outputTokens();
        int output = asked == null ? model.traits().maxOutputTokens() : asked;
        if (asked == null && output == 0) {
            return OVER + "an answer without output.max_tokens has no bound";
        }
        BigDecimal most = dearest(ceiling, searches, output, needs, model, now);
        if (most == null) {
            return OVER + "the price is not known";
        }
        return most.compareTo(ceiling.maxUsd()) <= 0
                ? null
                : OVER + "up to " + most.toPlainString() + " USD";
    }

    /**
     * The dearest that can happen to the prompt: that all of it is written to a cache, or that all
     * of it is of one of the media in it. Null: the price is not known.
     */
    private static @Nullable BigDecimal dearest(
            Ask.Ceiling ceiling,
            int searches,
            int output,
            Set<Need> needs,
            ModelConfig model,
            Instant now) {
        long input = ceiling.inputTokens();
        long audio = needs.contains(Need.AUDIO) ? input : 0;
        long image = needs.contains(Need.VISION) ? input : 0;
        long video = needs.contains(Need.VIDEO) ? input : 0;
        int spoken = needs.contains(Need.AUDIO) ? output : 0;
        BigDecimal most = BigDecimal.ZERO;
        for (long[] each :
                new long[][] {
                    {input, 0, 0, 0}, {0, audio, 0, 0}, {0, 0, image, 0}, {0, 0, 0, video}
                }) {
            var usage =
                    new Usage(
                            input, 0, 0, each[0], output, 0, each[1], spoken, searches, null, true,
                            each[2], each[3]);
            BigDecimal usd = PriceBook.cost(usage, model.prices(), now, null).usd();
            if (usd == null) {
                return null;
            }
            most = most.max(usd);
        }
        return most;
    }
}

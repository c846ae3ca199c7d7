package dev.pillion.sidecar.plan;

import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.account.PriceBook;
import dev.pillion.sidecar.config.ModelConfig;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The most that a request can cost at a model, known before it is sent. */
final class UpperBound {
    /** How every reason begins. */
    static final String OVER = "over the cost ceiling: ";

    private UpperBound() {}

    /** Why the model may cost more than the ceiling; null when it can't. */
    static @Nullable String whyOver(Ask.Ceiling ceiling, ModelConfig model, Instant now) {
        Integer searches = ceiling.searches();
        if (searches == null) {
            return OVER + "web search without websearch.max_uses has no bound";
        }
        Integer asked = ceiling.outputTokens();
        int output = asked == null ? model.traits().maxOutputTokens() : asked;
        if (asked == null && output == 0) {
            return OVER + "an answer without output.max_tokens has no bound";
        }
        // Writing the whole prompt to a cache is the dearest that can happen to it.
        var usage =
                new Usage(
                        ceiling.inputTokens(),
                        0,
                        0,
                        ceiling.inputTokens(),
                        output,
                        0,
                        0,
                        0,
                        searches,
                        null,
                        true);
        BigDecimal most = PriceBook.cost(usage, model.prices(), now, null).usd();
        if (most == null) {
            return OVER + "the price is not known";
        }
        return most.compareTo(ceiling.maxUsd()) <= 0
                ? null
                : OVER + "up to " + most.toPlainString() + " USD";
    }
}

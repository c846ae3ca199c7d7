package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs from a day on. All token rates are USD per million tokens.
 *
 * @param from first day in UTC; null: since ever
 * @param standard the rates unless a service tier says otherwise
 * @param serviceTiers by the vendor's word for the tier, e.g. {@code priority}
 * @param webSearchPer1k USD per thousand searches; null: not known
 */
public record Price(
        @Nullable LocalDate from,
        Band standard,
        Map<String, Band> serviceTiers,
        @Nullable BigDecimal webSearchPer1k) {

    public Price {
        serviceTiers = Config.ordered(serviceTiers);
    }

    /**
     * Rates that may change with the size of the prompt.
     *
     * @param tiers by {@code aboveInputTokens}, lowest first
     */
    public record Band(Rates rates, List<Tier> tiers) {
        public Band {
            tiers = List.copyOf(tiers);
        }

        /**
         * The rates for a prompt of that many tokens, cached ones included: of the whole request.
         */
        public Rates ratesFor(long inputTokens) {
            Rates found = rates;
            for (Tier tier : tiers) {
                if (inputTokens > tier.aboveInputTokens()) {
                    found = tier.rates();
                }
            }
            return found;
        }
    }

    /** The rates of a whole request, output included, whose prompt is longer than the bound. */
    public record Tier(long aboveInputTokens, Rates rates) {}

    /**
     * USD per million tokens. A rate that the vendor does not list is the input rate: no discount
     * for reading a cache, no surcharge for writing one.
     *
     * @param cacheWrite5m writing with the shortest life a vendor has (Anthropic's 5 minutes,
     *     OpenAI's 30)
     * @param cacheWrite1h writing with Anthropic's 1 hour
     */
    public record Rates(
            BigDecimal input,
            BigDecimal output,
            BigDecimal cachedInput,
            BigDecimal cacheWrite5m,
            BigDecimal cacheWrite1h,
            Media media) {

        /** Of a vendor that bills all media as text. */
        public Rates(
                BigDecimal input,
                BigDecimal output,
                BigDecimal cachedInput,
                BigDecimal cacheWrite5m,
                BigDecimal cacheWrite1h) {
            this(
                    input,
                    output,
                    cachedInput,
                    cacheWrite5m,
                    cacheWrite1h,
                    new Media(input, input, input, output));
        }
    }

    /** USD per million tokens of a medium that no cache served; where not listed as text's. */
    public record Media(
            BigDecimal imageInput,
            BigDecimal audioInput,
            BigDecimal videoInput,
            BigDecimal audioOutput) {}
}

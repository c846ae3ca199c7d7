package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs from a day on. All token rates are USD per million tokens.
 *
 * @param from first day in UTC; null: since ever
 * @param standard the rates unless a service tier says otherwise
 * @param serviceTiers by the vendor's word for the tier, e.g. {@code priority}
 * @param fees what is billed by the call
 * @param places by the vendor's word for where an answer was made, what the token rates are
 *     multiplied with there
 */
public record Price(
        @Nullable LocalDate from,
        Band standard,
        Map<String, Band> serviceTiers,
        Fees fees,
        Map<String, BigDecimal> places) {

    public Price {
        serviceTiers = Config.ordered(serviceTiers);
        places = Config.ordered(places);
    }

    /**
     * USD per thousand calls of the vendor's own tools.
     *
     * @param webSearchPer1k null: not known
     * @param webSearchBy what a search costs is asked for
     * @param callsPer1k of other tools, by the name that {@link
     *     dev.pillion.protocol.chat.Apart#calls} has for them
     */
    public record Fees(
            @Nullable BigDecimal webSearchPer1k,
            SearchUnit webSearchBy,
            Map<String, BigDecimal> callsPer1k) {
        public static final Fees UNKNOWN = new Fees(null, SearchUnit.SEARCH, Map.of());

        public Fees {
            callsPer1k = Config.ordered(callsPer1k);
        }
    }

    /** Each search, or once for a request with any. */
    public enum SearchUnit {
        SEARCH,
        REQUEST
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

        /** The band whose rates are all so many times these. */
        Band times(BigDecimal factor) {
            return new Band(
                    rates.times(factor),
                    tiers.stream()
                            .map(t -> new Tier(t.aboveInputTokens(), t.rates().times(factor)))
                            .toList());
        }
    }

    /** The rates of a whole request, output included, whose prompt is longer than the bound. */
    public record Tier(long aboveInputTokens, Rates rates) {}

    /**
     * USD per million tokens. A rate that the vendor does not list is the input rate: no discount
     * for reading a cache, no surcharge for writing one; of output, the output rate.
     *
     * @param cacheWrite5m writing with the shortest life a vendor has (Anthropic's 5 minutes,
     *     OpenAI's 30)
     * @param cacheWrite1h writing with a long life (Anthropic's 1 hour, OpenAI's 12)
     * @param thinking what was thought, of the output
     */
    public record Rates(
            BigDecimal input,
            BigDecimal output,
            BigDecimal cachedInput,
            BigDecimal cacheWrite5m,
            BigDecimal cacheWrite1h,
            BigDecimal thinking,
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
                    output,
                    new Media(input, input, input, cachedInput, output, output));
        }

        Rates times(BigDecimal factor) {
            return new Rates(
                    input.multiply(factor),
                    output.multiply(factor),
                    cachedInput.multiply(factor),
                    cacheWrite5m.multiply(factor),
                    cacheWrite1h.multiply(factor),
                    thinking.multiply(factor),
                    media.times(factor));
        }
    }

    /** USD per million tokens of a medium; where not listed as text's. */
    public record Media(
            BigDecimal imageInput,
            BigDecimal audioInput,
            BigDecimal videoInput,
            BigDecimal cachedAudio,
            BigDecimal audioOutput,
            BigDecimal imageOutput) {

        Media times(BigDecimal factor) {
            return new Media(
                    imageInput.multiply(factor),
                    audioInput.multiply(factor),
                    videoInput.multiply(factor),
                    cachedAudio.multiply(factor),
                    audioOutput.multiply(factor),
                    imageOutput.multiply(factor));
        }
    }

    /** The same at so many times the token rates. */
    Price times(BigDecimal factor) {
        var tiers = new LinkedHashMap<String, Band>();
        serviceTiers.forEach((name, band) -> tiers.put(name, band.times(factor)));
        return new Price(from, standard.times(factor), tiers, fees, places);
    }
}

package dev.pillion.sidecar.account;

import dev.pillion.sidecar.config.Price;
import dev.pillion.sidecar.config.Prices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The most that so many tokens and calls can cost: at the dearest of the service tiers, of the
 * tiers of long prompts, of the places, and of what may happen to a prompt, such as that all of it
 * is written to a cache. Exact, as the book of prices is.
 */
public final class MostUsd {
    private static final int MILLION_DIGITS = 6;
    private static final int THOUSAND_DIGITS = 3;

    /** Tools that are billed by the call at some vendor, so that no rate is no price. */
    private static final Set<String> BILLED = Set.of("file_search", "code_interpreter");

    private MostUsd() {}

    /**
     * Tokens, none fewer than there can be.
     *
     * @param input of all prompts together
     * @param longest of these
     * @param output of all answers together
     * @param media whether some of the input may be of another rate than text
     * @param longCache whether it may be written to a cache for long
     */
    public record Tokens(long input, long longest, long output, boolean media, boolean longCache) {}

    /**
     * Service tiers besides the usual one, in the vendor's words.
     *
     * @param asked for, so that each must have a price
     * @param unasked which the vendor may apply by itself to models that it has them for
     */
    public record Tiers(Set<String> asked, Set<String> unasked) {}

    /**
     * Calls that are billed apart.
     *
     * @param searches of the web
     * @param others of other tools, all together
     * @param kinds the catalog's words for these
     */
    public record Calls(long searches, long others, Set<String> kinds) {}

    /**
     * What was found.
     *
     * @param usd null: not known
     * @param why the price is not known; null where it is
     */
    public record Found(@Nullable BigDecimal usd, @Nullable String why) {
        private static Found unknown(String why) {
            return new Found(null, why);
        }
    }

    /**
     * The most it costs at that moment.
     *
     * @param tiers the service tiers that may be applied
     */
    public static Found of(Prices prices, Tiers tiers, Tokens tokens, Calls calls, Instant at) {
        return switch (prices) {
            case Prices.Free _ -> new Found(BigDecimal.ZERO, null);
            case Prices.Unknown _ -> Found.unknown("the price is not known");
            case Prices.Dated dated -> {
                Price price = PriceBook.inForce(dated.prices(), at);
                yield price == null
                        ? Found.unknown("the price is not known")
                        : of(price, tiers, tokens, calls);
            }
        };
    }

    private static Found of(Price price, Tiers tiers, Tokens tokens, Calls calls) {
        List<Price.Band> bands = new ArrayList<>(List.of(price.standard()));
        for (String tier : tiers.unasked()) {
            Price.Band band = price.serviceTiers().get(tier);
            if (band != null) {
                bands.add(band);
            }
        }
        for (String tier : tiers.asked()) {
            Price.Band band = price.serviceTiers().get(tier);
            if (band != null) {
                bands.add(band);
            } else if (!PriceBook.isStandard(tier)) {
                return Found.unknown("the price of the service tier " + tier + " is not known");
            }
        }
        String missing = missing(price.fees(), calls);
        if (missing != null) {
            return Found.unknown(missing);
        }
        BigDecimal most = BigDecimal.ZERO;
        for (Price.Band band : bands) {
            most = most.max(usd(band.rates(), tokens));
            for (Price.Tier tier : band.tiers()) {
                if (tokens.longest() > tier.aboveInputTokens()
                        || tokens.input() > tier.aboveInputTokens()) {
                    most = most.max(usd(tier.rates(), tokens));
                }
            }
        }
        BigDecimal factor = BigDecimal.ONE;
        for (BigDecimal place : price.places().values()) {
            factor = factor.max(place);
        }
        BigDecimal usd = most.multiply(factor).add(fees(price.fees(), calls));
        return new Found(PriceBook.plain(usd), null);
    }

    private static @Nullable String missing(Price.Fees fees, Calls calls) {
        if (calls.searches() > 0 && fees.webSearchPer1k() == null) {
            return "the price of a web search is not known";
        }
        for (String kind : calls.kinds()) {
            if (calls.others() > 0
                    && BILLED.contains(kind)
                    && !fees.callsPer1k().containsKey(kind)) {
                return "the price of the tool " + kind + " is not known";
            }
        }
        return null;
    }

    private static BigDecimal fees(Price.Fees fees, Calls calls) {
        BigDecimal dearest = BigDecimal.ZERO;
        for (String kind : calls.kinds()) {
            dearest = dearest.max(fees.callsPer1k().getOrDefault(kind, BigDecimal.ZERO));
        }
        BigDecimal sum = dearest.multiply(BigDecimal.valueOf(calls.others()));
        BigDecimal search = fees.webSearchPer1k();
        if (search != null && calls.searches() > 0) {
            long billed =
                    switch (fees.webSearchBy()) {
                        case SEARCH -> calls.searches();
                        case REQUEST -> 1;
                    };
            sum = sum.add(search.multiply(BigDecimal.valueOf(billed)));
        }
        return sum.movePointLeft(THOUSAND_DIGITS);
    }

    private static BigDecimal usd(Price.Rates rates, Tokens tokens) {
        BigDecimal input = rates.input().max(rates.cachedInput()).max(rates.cacheWrite5m());
        if (tokens.longCache()) {
            input = input.max(rates.cacheWrite1h());
        }
        Price.Media media = rates.media();
        if (tokens.media()) {
            input =
                    input.max(media.imageInput())
                            .max(media.audioInput())
                            .max(media.videoInput())
                            .max(media.cachedAudio());
        }
        // Only models that speak or draw have rates of their own for that.
        BigDecimal output =
                rates.output()
                        .max(rates.thinking())
                        .max(media.audioOutput())
                        .max(media.imageOutput());
        return input.multiply(BigDecimal.valueOf(tokens.input()))
                .add(output.multiply(BigDecimal.valueOf(tokens.output())))
                .movePointLeft(MILLION_DIGITS);
    }
}

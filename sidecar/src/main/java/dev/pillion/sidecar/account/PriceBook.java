package dev.pillion.sidecar.account;

import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.config.Price;
import dev.pillion.sidecar.config.Prices;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns usage into US dollars, exactly: decimal arithmetic, never rounded. */
public final class PriceBook {
    private static final int MILLION_DIGITS = 6;
    private static final int THOUSAND_DIGITS = 3;

    /** The vendors' words for the tier that the standard rates are of. */
    private static final Set<String> STANDARD =
            Set.of("default", "standard", "auto", "on_demand", "unspecified", "standard_only");

    private PriceBook() {}

    /**
     * What the usage costs at that moment; unknown when the price is, and never 0 for that. An
     * estimate where the vendor served another tier, or ran another tool, than the price has rates
     * of.
     */
    public static Cost cost(Usage usage, Prices prices, Instant at, @Nullable LocalDate asOf) {
        return cost(usage, prices, _ -> null, at, asOf);
    }

    /**
     * The same where the vendor may say that another model answered than the one that was asked
     * for.
     *
     * @param others the prices of a model by the vendor's name of it; null: not known. What then
     *     answered is taken for what was asked for, by another of its names
     */
    public static Cost cost(
            Usage usage,
            Prices asked,
            Function<String, @Nullable Prices> others,
            Instant at,
            @Nullable LocalDate asOf) {
        String named = usage.apart().model();
        Prices found = named == null ? null : others.apply(named);
        Prices prices = found == null ? asked : found;
        Cost sum = one(usage, prices, at, asOf);
        for (Usage beside : usage.apart().beside()) {
            String other = beside.apart().model();
            Prices its = other == null ? prices : others.apply(other);
            sum = plus(sum, one(beside, its == null ? new Prices.Unknown() : its, at, asOf));
        }
        return sum;
    }

    private static Cost plus(Cost a, Cost b) {
        BigDecimal usd = a.usd() == null || b.usd() == null ? null : plain(a.usd().add(b.usd()));
        return new Cost(usd, a.estimated() || b.estimated(), a.pricesAsOf());
    }

    private static Cost one(Usage usage, Prices prices, Instant at, @Nullable LocalDate asOf) {
        return switch (prices) {
            case Prices.Free _ -> new Cost(BigDecimal.ZERO, usage.estimated(), asOf);
            case Prices.Unknown _ -> new Cost(null, usage.estimated(), asOf);
            case Prices.Dated dated -> {
                Price price = inForce(dated.prices(), at);
                yield price == null
                        ? new Cost(null, usage.estimated(), asOf)
                        : new Cost(
                                usd(usage, price),
                                usage.estimated() || isUnlisted(usage, price),
                                asOf);
            }
        };
    }

    /** Whether something is billed at a rate that nobody listed. */
    private static boolean isUnlisted(Usage usage, Price price) {
        String tier = usage.serviceTier();
        boolean otherTier =
                tier != null && !price.serviceTiers().containsKey(tier) && !isStandard(tier);
        Set<String> listed = price.fees().callsPer1k().keySet();
        return otherTier
                || !listed.containsAll(usage.apart().calls().keySet())
                || isUncertain(usage, price);
    }

    /** Whether it is one of the vendors' words for the tier that the standard rates are of. */
    static boolean isStandard(String tier) {
        return STANDARD.contains(tier.toLowerCase(Locale.ROOT));
    }

    /** Whether it depends on how the vendor reckons the prompts of several rounds. */
    private static boolean isUncertain(Usage usage, Price price) {
        if (usage.apart().longestPrompt() == 0) {
            return false;
        }
        Price.Band band = band(usage, price);
        return !band.ratesFor(usage.inputTokens()).equals(band.ratesFor(prompt(usage)));
    }

    /** The latest price that has begun; null before the first. */
    public static @Nullable Price inForce(List<Price> prices, Instant at) {
        LocalDate today = at.atZone(ZoneOffset.UTC).toLocalDate();
        Price found = null;
        for (Price price : prices) {
            if (price.from() == null || !price.from().isAfter(today)) {
                found = price;
            }
        }
        return found;
    }

    private static Price.Band band(Usage usage, Price price) {
        String tier = usage.serviceTier();
        Price.Band band = tier == null ? null : price.serviceTiers().get(tier);
        return band == null ? price.standard() : band;
    }

    /** The prompt whose length decides: no round's is longer where the input is the sum of some. */
    private static long prompt(Usage usage) {
        long longest = usage.apart().longestPrompt();
        return longest == 0 ? usage.inputTokens() : longest;
    }

    private static @Nullable BigDecimal usd(Usage usage, Price price) {
        BigDecimal fees = fees(usage, price.fees());
        return fees == null ? null : plain(tokens(usage, price).add(fees));
    }

    private static BigDecimal tokens(Usage usage, Price price) {
        Price.Rates rates = band(usage, price).ratesFor(prompt(usage));
        long plain =
                Math.max(
                        0,
                        usage.inputTokens() - usage.cachedInputTokens() - usage.cacheWriteTokens());
        BigDecimal tokens =
                times(rates.input(), plain)
                        .add(times(rates.cachedInput(), usage.cachedInputTokens()))
                        .add(times(rates.cacheWrite5m(), usage.cacheWrite5mTokens()))
                        .add(times(rates.cacheWrite1h(), usage.cacheWrite1hTokens()))
                        .add(times(rates.output(), usage.outputTokens()))
                        .add(more(rates.thinking(), rates.output(), usage.thinkingTokens()))
                        .add(media(usage, rates, plain))
                        .movePointLeft(MILLION_DIGITS);
        String place = usage.apart().place();
        BigDecimal factor = place == null ? null : price.places().get(place);
        return factor == null ? tokens : tokens.multiply(factor);
    }

    /** What is billed by the call; null: searches whose price is not known. */
    private static @Nullable BigDecimal fees(Usage usage, Price.Fees fees) {
        BigDecimal sum = BigDecimal.ZERO;
        if (usage.webSearches() > 0) {
            if (fees.webSearchPer1k() == null) {
                return null;
            }
            long billed =
                    switch (fees.webSearchBy()) {
                        case SEARCH -> usage.webSearches();
                        case REQUEST -> 1;
                    };
            sum = times(fees.webSearchPer1k(), billed);
        }
        for (Map.Entry<String, Long> call : usage.apart().calls().entrySet()) {
            BigDecimal rate = fees.callsPer1k().get(call.getKey());
            sum = rate == null ? sum : sum.add(times(rate, call.getValue()));
        }
        return sum.movePointLeft(THOUSAND_DIGITS);
    }

    /**
     * What media cost beyond the rates of text; those that a cache served cost as text does, but
     * for sound that the vendor says was cached.
     */
    private static BigDecimal media(Usage usage, Price.Rates rates, long plain) {
        Price.Media media = rates.media();
        long cached = Math.min(usage.apart().cachedAudioTokens(), usage.cachedInputTokens());
        long audio = Math.clamp(usage.audioInputTokens() - cached, 0, plain);
        long image = Math.min(usage.imageInputTokens(), plain - audio);
        long video = Math.min(usage.videoInputTokens(), plain - audio - image);
        long spoken = Math.min(usage.audioOutputTokens(), usage.outputTokens());
        long drawn = Math.min(usage.apart().imageOutputTokens(), usage.outputTokens() - spoken);
        return more(media.audioInput(), rates.input(), audio)
                .add(more(media.imageInput(), rates.input(), image))
                .add(more(media.videoInput(), rates.input(), video))
                .add(more(media.cachedAudio(), rates.cachedInput(), cached))
                .add(more(media.audioOutput(), rates.output(), spoken))
                .add(more(media.imageOutput(), rates.output(), drawn));
    }

    /** What so many tokens cost beyond what they were already counted at. */
    private static BigDecimal more(BigDecimal rate, BigDecimal counted, long tokens) {
        return tokens == 0 ? BigDecimal.ZERO : times(rate.subtract(counted), tokens);
    }

    private static BigDecimal times(BigDecimal rate, long count) {
        return count == 0 ? BigDecimal.ZERO : rate.multiply(BigDecimal.valueOf(count));
    }

    static BigDecimal plain(BigDecimal usd) {
        return usd.signum() == 0 ? BigDecimal.ZERO : usd.stripTrailingZeros();
    }
}

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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns usage into US dollars, exactly: decimal arithmetic, never rounded. */
public final class PriceBook {
    private static final int MILLION_DIGITS = 6;
    private static final int THOUSAND_DIGITS = 3;

    /** The vendors' words for the tier that the standard rates are of. */
    private static final Set<String> STANDARD =
            Set.of("default", "standard", "auto", "on_demand", "unspecified");

    private PriceBook() {}

    /**
     * What the usage costs at that moment; unknown when the price is, and never 0 for that. An
     * estimate where the vendor served another tier than the price has rates of.
     */
    public static Cost cost(Usage usage, Prices prices, Instant at, @Nullable LocalDate asOf) {
        return switch (prices) {
            case Prices.Free _ -> new Cost(BigDecimal.ZERO, usage.estimated(), asOf);
            case Prices.Unknown _ -> new Cost(null, usage.estimated(), asOf);
            case Prices.Dated dated -> {
                Price price = inForce(dated.prices(), at);
                yield price == null
                        ? new Cost(null, usage.estimated(), asOf)
                        : new Cost(
                                usd(usage, price),
                                usage.estimated() || isUnlisted(usage.serviceTier(), price),
                                asOf);
            }
        };
    }

    private static boolean isUnlisted(@Nullable String tier, Price price) {
        return tier != null
                && !STANDARD.contains(tier.toLowerCase(Locale.ROOT))
                && !price.serviceTiers().containsKey(tier);
    }

    /** The latest price that has begun; null before the first. */
    private static @Nullable Price inForce(List<Price> prices, Instant at) {
        LocalDate today = at.atZone(ZoneOffset.UTC).toLocalDate();
        Price found = null;
        for (Price price : prices) {
            if (price.from() == null || !price.from().isAfter(today)) {
                found = price;
            }
        }
        return found;
    }

    private static @Nullable BigDecimal usd(Usage usage, Price price) {
        String tier = usage.serviceTier();
        Price.Band band = tier == null ? null : price.serviceTiers().get(tier);
        Price.Rates rates = (band == null ? price.standard() : band).ratesFor(usage.inputTokens());
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
                        .add(media(usage, rates, plain))
                        .movePointLeft(MILLION_DIGITS);
        if (usage.webSearches() == 0) {
            return plain(tokens);
        }
        BigDecimal perThousand = price.webSearchPer1k();
        return perThousand == null
                ? null
                : plain(
                        tokens.add(
                                times(perThousand, usage.webSearches())
                                        .movePointLeft(THOUSAND_DIGITS)));
    }

    /** What media cost beyond the rates of text; those that a cache served cost as text does. */
    private static BigDecimal media(Usage usage, Price.Rates rates, long plain) {
        Price.Media media = rates.media();
        long audio = Math.min(usage.audioInputTokens(), plain);
        long image = Math.min(usage.imageInputTokens(), plain - audio);
        long video = Math.min(usage.videoInputTokens(), plain - audio - image);
        long spoken = Math.min(usage.audioOutputTokens(), usage.outputTokens());
        return times(media.audioInput().subtract(rates.input()), audio)
                .add(times(media.imageInput().subtract(rates.input()), image))
                .add(times(media.videoInput().subtract(rates.input()), video))
                .add(times(media.audioOutput().subtract(rates.output()), spoken));
    }

    private static BigDecimal times(BigDecimal rate, long count) {
        return rate.multiply(BigDecimal.valueOf(count));
    }

    private static BigDecimal plain(BigDecimal usd) {
        return usd.signum() == 0 ? BigDecimal.ZERO : usd.stripTrailingZeros();
    }
}

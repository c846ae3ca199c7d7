package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Price;
import dev.pillion.sidecar.config.Prices;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model's prices of one day as plain numbers: to weigh candidates by, a thousand times a second;
 * what is booked is reckoned in decimals.
 */
final class Tariff {
    private static final double MILLION = 1e6;
    private static final double THOUSAND = 1e3;

    /** Of a model whose price is not known. */
    static final Tariff UNKNOWN = new Tariff(new double[0], new double[0][]);

    /** Of a model that costs nothing. */
    private static final Tariff FREE = new Tariff(new double[] {0}, new double[][] {{0, 0, 0, 0}});

    private final double[] aboveTokens;
    private final double[][] rates;

    private Tariff(double[] aboveTokens, double[][] rates) {
        this.aboveTokens = aboveTokens;
        this.rates = rates;
    }

    static Tariff of(ModelConfig model, LocalDate day) {
        return switch (model.prices()) {
            case Prices.Free _ -> FREE;
            case Prices.Unknown _ -> UNKNOWN;
            case Prices.Dated(List<Price> prices) -> of(inForce(prices, day));
        };
    }

    private static Tariff of(@Nullable Price price) {
        if (price == null) {
            return UNKNOWN;
        }
        List<Price.Tier> tiers = price.standard().tiers();
        double[] above = new double[tiers.size() + 1];
        double[][] rates = new double[tiers.size() + 1][];
        rates[0] = row(price.standard().rates(), price.fees().webSearchPer1k());
        for (int i = 0; i < tiers.size(); i++) {
            above[i + 1] = tiers.get(i).aboveInputTokens();
            rates[i + 1] = row(tiers.get(i).rates(), price.fees().webSearchPer1k());
        }
        return new Tariff(above, rates);
    }

    private static double[] row(Price.Rates rates, @Nullable BigDecimal searchPer1k) {
        return new double[] {
            rates.input().doubleValue() / MILLION,
            rates.cachedInput().doubleValue() / MILLION,
            rates.output().doubleValue() / MILLION,
            searchPer1k == null ? 0 : searchPer1k.doubleValue() / THOUSAND
        };
    }

    private static @Nullable Price inForce(List<Price> prices, LocalDate day) {
        Price found = null;
        for (Price price : prices) {
            if (price.from() == null || !price.from().isAfter(day)) {
                found = price;
            }
        }
        return found;
    }

    /** The expected cost in USD; NaN: the price is not known. */
    double usd(long inputTokens, long cachedTokens, long outputTokens, int searches) {
        if (rates.length == 0) {
            return Double.NaN;
        }
        int row = 0;
        while (row + 1 < rates.length && inputTokens > aboveTokens[row + 1]) {
            row++;
        }
        double[] rate = rates[row];
        return (inputTokens - cachedTokens) * rate[0]
                + cachedTokens * rate[1]
                + outputTokens * rate[2]
                + searches * rate[3];
    }
}

package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.util.List;

/** What a model costs: nothing, a list of prices by date, or not known. */
public sealed interface Prices {

    /** The same at so many times the token rates, as a vendor's region may have them. */
    default Prices times(BigDecimal factor) {
        return switch (this) {
            case Free _, Unknown _ -> this;
            case Dated dated ->
                    new Dated(dated.prices().stream().map(p -> p.times(factor)).toList());
        };
    }

    /** {@code price: free}. */
    record Free() implements Prices {}

    /** By date, earliest first; never empty. */
    record Dated(List<Price> prices) implements Prices {
        public Dated {
            prices = List.copyOf(prices);
        }
    }

    /** A model that the catalog does not know: its cost is null, never 0. */
    record Unknown() implements Prices {}
}

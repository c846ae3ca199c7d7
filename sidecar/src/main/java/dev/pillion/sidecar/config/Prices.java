package dev.pillion.sidecar.config;

import java.util.List;

/** What a model costs: nothing, a list of prices by date, or not known. */
public sealed interface Prices {

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

package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a model's {@code price}: {@code free}, one price, or a list of dated ones. */
final class PriceReader {
    private PriceReader() {}

    static Prices read(Cursor at) {
        return switch (at.node()) {
            case Node.Scalar s when s.text().equals("free") -> new Prices.Free();
            case Node.Scalar s -> {
                at.wrong("a price, a list of dated prices, or free");
                yield new Prices.Unknown();
            }
            case Node.Entries e -> new Prices.Dated(List.of(price(at)));
            case Node.Items i -> dated(at);
        };
    }

    private static Prices dated(Cursor at) {
        var all = new ArrayList<Price>();
        var days = new HashSet<LocalDate>();
        for (Cursor item : at.items()) {
            Price price = price(item);
            all.add(price);
            if (!days.add(day(price))) {
                item.problems()
                        .add(item, Shown.of(item.node()), "another from than the other prices");
            }
        }
        if (all.isEmpty()) {
            at.wrong("at least one price");
            return new Prices.Unknown();
        }
        all.sort(Comparator.comparing(PriceReader::day));
        return new Prices.Dated(all);
    }

    private static LocalDate day(Price price) {
        return price.from() == null ? LocalDate.MIN : price.from();
    }

    private static Price price(Cursor at) {
        Fields fields = Fields.of(at, Shape.PRICE);
        fields.need("input", "USD per million tokens");
        fields.need("output", "USD per million tokens");
        WrittenRates standard = WrittenRates.of(fields, WrittenRates.NOTHING);
        List<Cursor> tiers = fields.items("tiers");
        Price.Band band = new Price.Band(standard.rates(), tiers(tiers, Shape.TIER, standard));
        return new Price(
                fields.date("from"),
                band,
                serviceTiers(fields, standard, band),
                new Price.Fees(
                        fields.amount("web_search_per_1k"),
                        fields.word(
                                "web_search_by", Price.SearchUnit.class, Price.SearchUnit.SEARCH),
                        calls(fields.open("calls_per_1k", Shape.CALLS))),
                places(fields));
    }

    private static Map<String, BigDecimal> calls(Fields fields) {
        var all = new LinkedHashMap<String, BigDecimal>();
        for (String tool : Shape.CALLS.keys()) {
            BigDecimal rate = fields.amount(tool);
            if (rate != null) {
                all.put(tool, rate);
            }
        }
        return all;
    }

    private static Map<String, BigDecimal> places(Fields fields) {
        var all = new LinkedHashMap<String, BigDecimal>();
        for (Fields.Named entry : fields.members("places")) {
            BigDecimal factor = entry.at().amount();
            if (factor != null) {
                all.put(entry.name(), factor);
            }
        }
        return all;
    }

    private static List<Price.Tier> tiers(List<Cursor> items, Shape shape, WrittenRates base) {
        var all = new ArrayList<Price.Tier>();
        long last = 0;
        for (Cursor item : items) {
            Fields fields = Fields.of(item, shape);
            Cursor boundAt = fields.need("above_input", "a number of input tokens");
            Long bound = boundAt == null ? null : boundAt.integer(1, Long.MAX_VALUE);
            WrittenRates rates = WrittenRates.of(fields, base);
            if (boundAt == null || bound == null) {
                continue;
            }
            if (bound <= last) {
                boundAt.wrong("more than the tier before, " + last);
            }
            last = bound;
            all.add(new Price.Tier(bound, rates.rates()));
        }
        return all;
    }

    private static Map<String, Price.Band> serviceTiers(
            Fields fields, WrittenRates base, Price.Band standard) {
        var all = new LinkedHashMap<String, Price.Band>();
        for (Fields.Named entry : fields.members("service_tiers")) {
            all.put(entry.name(), serviceTier(entry.at(), base, standard));
        }
        return all;
    }

    /** Either rates of its own, or so many times the standard ones, long prompts' too. */
    private static Price.Band serviceTier(Cursor at, WrittenRates base, Price.Band standard) {
        Fields fields = Fields.of(at, Shape.SERVICE);
        BigDecimal factor = fields.amount("times");
        WrittenRates rates = WrittenRates.of(fields, base);
        List<Price.Tier> tiers = tiers(fields.items("tiers"), Shape.SERVICE_TIER, rates);
        if (factor == null) {
            return new Price.Band(rates.rates(), tiers);
        }
        if (!rates.equals(base) || !tiers.isEmpty()) {
            at.wrong("either times or rates of its own");
        }
        return standard.times(factor);
    }
}

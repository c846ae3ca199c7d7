package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a model's {@code price}: {@code free}, one price, or a list of dated ones. */
final class PriceReader {
    private PriceReader() {}

    /** Rates as written; what a tier leaves out is as without the tier. */
    private record Written(
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal cacheWrite5m,
            @Nullable BigDecimal cacheWrite1h,
            @Nullable BigDecimal imageInput,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal videoInput,
            @Nullable BigDecimal audioOutput) {
        static final Written NOTHING =
                new Written(null, null, null, null, null, null, null, null, null);

        static Written of(Fields fields, Written base) {
            return new Written(
                    or(fields.amount("input"), base.input),
                    or(fields.amount("output"), base.output),
                    or(fields.amount("cached_input"), base.cachedInput),
                    or(fields.amount("cache_write_5m"), base.cacheWrite5m),
                    or(fields.amount("cache_write_1h"), base.cacheWrite1h),
                    or(fields.amount("image_input"), base.imageInput),
                    or(fields.amount("audio_input"), base.audioInput),
                    or(fields.amount("video_input"), base.videoInput),
                    or(fields.amount("audio_output"), base.audioOutput));
        }

        private static @Nullable BigDecimal or(
                @Nullable BigDecimal value, @Nullable BigDecimal fallback) {
            return value == null ? fallback : value;
        }

        Price.Rates rates() {
            BigDecimal in = input == null ? BigDecimal.ZERO : input; // a missing one is a problem
            BigDecimal out = output == null ? BigDecimal.ZERO : output;
            BigDecimal write = cacheWrite5m == null ? in : cacheWrite5m;
            return new Price.Rates(
                    in,
                    out,
                    cachedInput == null ? in : cachedInput,
                    write,
                    cacheWrite1h == null ? write : cacheWrite1h,
                    new Price.Media(
                            imageInput == null ? in : imageInput,
                            audioInput == null ? in : audioInput,
                            videoInput == null ? in : videoInput,
                            audioOutput == null ? out : audioOutput));
        }
    }

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
        Written standard = Written.of(fields, Written.NOTHING);
        Price.Band band =
                new Price.Band(
                        standard.rates(), tiers(fields.items("tiers"), Shape.TIER, standard));
        return new Price(
                fields.date("from"),
                band,
                serviceTiers(fields, standard),
                fields.amount("web_search_per_1k"));
    }

    private static List<Price.Tier> tiers(List<Cursor> items, Shape shape, Written base) {
        var all = new ArrayList<Price.Tier>();
        long last = 0;
        for (Cursor item : items) {
            Fields fields = Fields.of(item, shape);
            Cursor boundAt = fields.need("above_input", "a number of input tokens");
            Long bound = boundAt == null ? null : boundAt.integer(1, Long.MAX_VALUE);
            Written rates = Written.of(fields, base);
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

    private static Map<String, Price.Band> serviceTiers(Fields fields, Written base) {
        var all = new LinkedHashMap<String, Price.Band>();
        for (Fields.Named entry : fields.members("service_tiers")) {
            all.put(entry.name(), serviceTier(entry.at(), base));
        }
        return all;
    }

    private static Price.Band serviceTier(Cursor at, Written base) {
        Fields fields = Fields.of(at, Shape.SERVICE);
        Written rates = Written.of(fields, base);
        return new Price.Band(
                rates.rates(), tiers(fields.items("tiers"), Shape.SERVICE_TIER, rates));
    }
}

package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the catalog with a price map of August 2026, where there is one beside the checkout. */
class PriceMapTest {
    /** Where the two differ, and the vendor's own page is right. */
    private static final Set<String> EXPLAINED =
            Set.of(
                    "openai/gpt-5.6 input: 4, map 5", // cut since
                    "openai/gpt-5.6 output: 20, map 30",
                    "openai/gpt-5.6 cached: 0.4, map 0.5",
                    "openai/gpt-5.6 write: 5, map 6.25",
                    "openai/gpt-5.6-sol write: 5, map 6.25",
                    "openai/gpt-5.6-sol input: 4, map 5",
                    "openai/gpt-5.6-sol output: 20, map 30",
                    "openai/gpt-5.6-sol cached: 0.4, map 0.5",
                    "openai/gpt-5.4-pro cached: 30, map 3", // the vendor lists no cached rate
                    "openai/gpt-5.4-pro-2026-03-05 cached: 30, map 3",
                    "openai/gpt-5.5-pro cached: 30, map 3",
                    "openai/gpt-5.5-pro-2026-04-23 cached: 30, map 3",
                    "xai/grok-4.5 cached: 0.3, map 0.5", // the vendor's table has 0.30
                    "xai/grok-4.5-latest cached: 0.3, map 0.5",
                    "xai/grok-4.20-0309-reasoning input: 1.25, map 2", // cheaper since
                    "xai/grok-4.20-0309-reasoning output: 2.5, map 6",
                    "gemini/gemini-3.6-flash input: 0.75, map 1.5", // promotional to 2026-12-31
                    "gemini/gemini-3.6-flash output: 3.75, map 7.5",
                    "gemini/gemini-3.6-flash cached: 0.075, map 0.15");

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    @Test
    void theCatalogAgreesWithThePriceMapButForExplainedDifferences() throws IOException {
        String place = System.getenv().getOrDefault("PILLION_SHARED", "../../shared");
        Path map = Path.of(place, "prices", "prices-2026-08.json");
        assumeTrue(Files.exists(map), "no price map beside the checkout");
        JsonNode prices =
                new ObjectMapper()
                        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .readTree(Files.newBufferedReader(map));
        var differences = new TreeSet<String>();
        int compared = 0;
        for (ModelConfig model : Catalog.builtIn().models().values()) {
            var ids = new ArrayList<>(model.also());
            ids.add(model.vendorId());
            for (String id : ids) {
                JsonNode row = row(prices, model.provider(), id);
                if (row != null) {
                    compared++;
                    differences.addAll(differences(model, id, row));
                }
            }
        }
        System.out.println("price map: " + compared + " ids compared, differences " + differences);
        assertTrue(compared > 60, "compared " + compared);
        assertEquals(EXPLAINED, differences);
    }

    private static @Nullable JsonNode row(JsonNode prices, String provider, String id) {
        JsonNode row = prices.get(id);
        return row == null ? prices.get(provider + "/" + id) : row;
    }

    private static List<String> differences(ModelConfig model, String id, JsonNode row) {
        Price.Rates rates = today(model).standard().rates();
        var all = new ArrayList<String>();
        compare(
                all,
                model.provider() + "/" + id + " input",
                rates.input(),
                row,
                "input_cost_per_token");
        compare(
                all,
                model.provider() + "/" + id + " output",
                rates.output(),
                row,
                "output_cost_per_token");
        compare(
                all,
                model.provider() + "/" + id + " cached",
                rates.cachedInput(),
                row,
                "cache_read_input_token_cost");
        compare(
                all,
                model.provider() + "/" + id + " write",
                rates.cacheWrite5m(),
                row,
                "cache_creation_input_token_cost");
        compare(
                all,
                model.provider() + "/" + id + " write 1h",
                rates.cacheWrite1h(),
                row,
                "cache_creation_input_token_cost_above_1hr");
        return all;
    }

    private static Price today(ModelConfig model) {
        LocalDate day = LocalDate.parse("2026-11-22");
        Price found = null;
        for (Price price : ((Prices.Dated) model.prices()).prices()) {
            LocalDate from = price.from();
            found = from == null || !day.isBefore(from) ? price : found;
        }
        return Objects.requireNonNull(found);
    }

    private static void compare(
            List<String> all, String what, BigDecimal ours, JsonNode row, String field) {
        JsonNode theirs = row.get(field);
        if (theirs != null && theirs.decimalValue().multiply(MILLION).compareTo(ours) != 0) {
            BigDecimal perMillion = theirs.decimalValue().multiply(MILLION);
            all.add(what + ": " + plain(ours) + ", map " + plain(perMillion));
        }
    }

    private static String plain(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString();
    }
}

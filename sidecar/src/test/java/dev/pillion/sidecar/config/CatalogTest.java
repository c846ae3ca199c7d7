package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.Effort;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {
    private static final Map<String, ModelConfig> MODELS = Catalog.builtIn().models();

    private static ModelConfig model(String id) {
        return Objects.requireNonNull(MODELS.get(id), id);
    }

    private static Price priceAt(ModelConfig model, LocalDate day) {
        Price found = null;
        for (Price price : ((Prices.Dated) model.prices()).prices()) {
            LocalDate from = price.from();
            found = from == null || !day.isBefore(from) ? price : found;
        }
        return Objects.requireNonNull(found);
    }

    private static void assertMoney(String expected, BigDecimal actual, String what) {
        assertEquals(0, new BigDecimal(expected).compareTo(actual), what + " is " + actual);
    }

    /** Transcribed from Anthropic's price table (2026-11), independently of the catalog. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    claude-fable-5-2,  8,    10,    16,   0.20, 40,   1000000, 128000
                    claude-mythos-5-2, 8,    10,    16,   0.20, 40,   1000000, 128000
                    claude-fable-5-1,  10,   12.50, 20,   0.25, 50,   1000000, 128000
                    claude-mythos-5-1, 10,   12.50, 20,   0.25, 50,   1000000, 128000
                    claude-fable-5,    10,   12.50, 20,   1.00, 50,   1000000, 128000
                    claude-mythos-5,   10,   12.50, 20,   1.00, 50,   1000000, 128000
                    claude-opus-5-5,   4,    5,     8,    0.20, 20,   1000000, 128000
                    claude-opus-5,     5,    6.25,  10,   0.50, 25,   1000000, 128000
                    claude-opus-4-8,   5,    6.25,  10,   0.50, 25,   1000000, 128000
                    claude-opus-4-7,   5,    6.25,  10,   0.50, 25,   1000000, 128000
                    claude-opus-4-6,   5,    6.25,  10,   0.50, 25,   1000000, 128000
                    claude-opus-4-5,   5,    6.25,  10,   0.50, 25,   200000,  64000
                    claude-sonnet-5-5, 2,    2.50,  4,    0.10, 10,   1000000, 128000
                    claude-sonnet-5,   2,    2.50,  4,    0.20, 10,   1000000, 128000
                    claude-sonnet-4-6, 3,    3.75,  6,    0.30, 15,   1000000, 128000
                    claude-sonnet-4-5, 3,    3.75,  6,    0.30, 15,   200000,  64000
                    claude-haiku-5-5,  0.10, 0.125, 0.20, 0.01, 0.50, 1000000, 128000
                    claude-haiku-4-5,  1,    1.25,  2,    0.10, 5,    200000,  64000
                    """)
    void anAnthropicModelCostsWhatItsVendorSays(
            String id,
            String input,
            String write5m,
            String write1h,
            String read,
            String output,
            long context,
            int maxOutput) {
        ModelConfig model = model("anthropic/" + id);
        Price price = priceAt(model, LocalDate.parse("2026-11-22"));
        Price.Rates rates = price.standard().rates();
        assertMoney(input, rates.input(), "input");
        assertMoney(write5m, rates.cacheWrite5m(), "5 minutes");
        assertMoney(write1h, rates.cacheWrite1h(), "1 hour");
        assertMoney(read, rates.cachedInput(), "read");
        assertMoney(output, rates.output(), "output");
        assertMoney("10", Objects.requireNonNull(price.fees().webSearchPer1k()), "search");
        assertEquals(context, model.traits().contextTokens());
        assertEquals(maxOutput, model.traits().maxOutputTokens());
        assertEquals(id.equals("claude-haiku-5-5") ? 1 : 0, price.standard().tiers().size());
    }

    @Test
    void theAnthropicTableNamesEveryAnthropicModel() {
        assertEquals(
                18, MODELS.values().stream().filter(m -> m.provider().equals("anthropic")).count());
    }

    @Test
    void haikusHigherBandHoldsForTheWholeRequest() {
        Price price = priceAt(model("anthropic/claude-haiku-5-5"), LocalDate.parse("2026-11-22"));
        assertMoney("0.10", price.standard().ratesFor(100_000).input(), "input");
        Price.Rates above = price.standard().ratesFor(100_001);
        assertMoney("0.50", above.input(), "input");
        assertMoney("0.625", above.cacheWrite5m(), "5 minutes");
        assertMoney("1.00", above.cacheWrite1h(), "1 hour");
        assertMoney("0.05", above.cachedInput(), "read");
        assertMoney("2.50", above.output(), "output");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    anthropic/claude-sonnet-5-5, 2026-10-06, 2,    0.20,  10
                    anthropic/claude-sonnet-5-5, 2026-10-07, 2,    0.10,  10
                    gemini/gemini-4-argon,       2026-11-30, 2,    0.10,  10
                    gemini/gemini-4-argon,       2026-12-01, 4,    0.20,  20
                    gemini/gemini-4-carbon,      2026-12-01, 4,    0.20,  20
                    gemini/gemini-3.8-flash,     2026-12-31, 0.75, 0.075, 3.75
                    gemini/gemini-3.8-flash,     2027-01-01, 1.50, 0.15,  7.50
                    gemini/gemini-3.6-flash,     2027-01-01, 1.50, 0.15,  7.50
                    """)
    void aPriceThatChangesOnADayIsThatOfTheDay(
            String id, LocalDate day, String input, String read, String output) {
        Price.Rates rates = priceAt(model(id), day).standard().rates();
        assertMoney(input, rates.input(), "input");
        assertMoney(read, rates.cachedInput(), "read");
        assertMoney(output, rates.output(), "output");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    openai/gpt-6.2-sol,            272000, 2,    0.10,  10
                    openai/gpt-6.2-sol,            272001, 4,    0.20,  15
                    openai/gpt-6.1-terra,          272001, 2,    0.10,  7.50
                    openai/gpt-5.4,                272001, 5,    0.50,  22.50
                    openai/gpt-5.4-mini,           300000, 0.75, 0.075, 4.50
                    openai/gpt-4.1,                900000, 2,    0.50,  8
                    xai/grok-4.7,                  199999, 2,    0.50,  6
                    xai/grok-4.7,                  200000, 4,    1.00,  12
                    xai/grok-4.3,                  200000, 2.50, 0.40,  5.00
                    gemini/gemini-3.1-pro-preview, 200000, 2,    0.20,  12
                    gemini/gemini-3.1-pro-preview, 200001, 4,    0.40,  18
                    gemini/gemini-2.5-pro,         200001, 2.50, 0.25,  15
                    gemini/gemini-4-hydrogen,      900000, 1.50, 0.075, 7.50
                    """)
    void aLongPromptCostsWhatItsVendorSays(
            String id, long inputTokens, String input, String read, String output) {
        Price price = priceAt(model(id), LocalDate.parse("2026-11-22"));
        Price.Rates rates = price.standard().ratesFor(inputTokens);
        assertMoney(input, rates.input(), "input");
        assertMoney(read, rates.cachedInput(), "read");
        assertMoney(output, rates.output(), "output");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    openai/gpt-6.2-sol, priority,  2026-11-22, 300000, 8,    30
                    openai/gpt-6.2-sol, flex,      2026-11-22, 1,      1,    5
                    openai/gpt-6.2-sol, ultrafast, 2027-02-28, 1,      6,    30
                    openai/gpt-6.2-sol, ultrafast, 2027-03-01, 1,      12,   60
                    openai/gpt-5-mini,  priority,  2026-11-22, 1,      0.45, 3.60
                    openai/gpt-4.1,     priority,  2026-11-22, 1,      3.50, 14
                    anthropic/claude-opus-5, fast, 2026-11-22, 1,      10,   50
                    gemini/gemini-2.5-pro, flex,   2026-11-22, 200001, 1.25, 7.50
                    """)
    void aServiceTierCostsWhatItsVendorSays(
            String id, String tier, LocalDate day, long inputTokens, String input, String output) {
        var band = Objects.requireNonNull(priceAt(model(id), day).serviceTiers().get(tier));
        assertMoney(input, band.ratesFor(inputTokens).input(), "input");
        assertMoney(output, band.ratesFor(inputTokens).output(), "output");
    }

    @Test
    void f38EveryModelHasAPriceForTodayAndForItsSearches() {
        for (ModelConfig model : MODELS.values()) {
            Price price = priceAt(model, LocalDate.parse("2026-11-22"));
            assertTrue(price.standard().rates().input().signum() > 0, model.id());
            boolean answers = price.standard().rates().output().signum() > 0;
            assertEquals(model.traits().chats(), answers, model.id());
            if (model.traits().can(Capability.WEBSEARCH)) {
                assertNotNull(price.fees().webSearchPer1k(), model.id());
            }
        }
        assertEquals(LocalDate.parse("2026-11-22"), Catalog.builtIn().pricesAsOf());
    }

    @Test
    void whatAModelSaysOfItsThinkingHoldsTogether() {
        for (ModelConfig model : MODELS.values()) {
            ModelTraits traits = model.traits();
            boolean off = traits.efforts().contains(Effort.OFF);
            boolean thinks = traits.can(Capability.THINKING);
            assertEquals(thinks, traits.thinking() != null, model.id());
            assertFalse(off && traits.refuses(Refusal.THINKING_OFF), model.id());
            if (traits.thinking() == ModelTraits.Thinking.ALWAYS) {
                assertTrue(traits.refuses(Refusal.THINKING_OFF), model.id());
            } else if (thinks && !traits.refuses(Refusal.THINKING_OFF)) {
                assertTrue(off, model.id());
            }
            assertTrue(thinks || traits.efforts().isEmpty(), model.id());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai/text-embedding-3-small, 0.02",
        "openai/text-embedding-3-large, 0.13",
        "openai/text-embedding-ada-002, 0.10",
        "gemini/gemini-embedding-2, 0.20",
        "gemini/gemini-embedding-001, 0.15"
    })
    void aModelForEmbeddingsAnswersNothingAndIsInNoClass(String id, String input) {
        ModelConfig model = model(id);
        assertTrue(model.traits().can(Capability.EMBEDDINGS));
        assertFalse(model.traits().chats());
        assertNull(model.modelClass());
        var rates = priceAt(model, LocalDate.parse("2026-11-22")).standard().rates();
        assertMoney(input, rates.input(), "input");
    }

    @Test
    void everyClassBeginsWithOneModelOfEachVendor() {
        for (ModelClass each : ModelClass.values()) {
            var order = Catalog.builtIn().order(each);
            var vendors = new HashSet<String>();
            order.stream().limit(4).map(ModelIds::provider).forEach(vendors::add);
            assertEquals(Set.of("anthropic", "openai", "xai", "gemini"), vendors, each.wire());
            for (String id : order) {
                assertEquals(each, model(id).modelClass(), id);
                assertTrue(model(id).traits().can(Capability.STREAM), id);
                assertFalse(model(id).traits().refuses(Refusal.CHAT), id);
            }
        }
    }

    @Test
    void noIdIsUsedTwiceAcrossVendors() {
        var seen = new TreeSet<String>();
        for (ModelConfig model : MODELS.values()) {
            assertTrue(seen.add(model.vendorId()), model.id());
            model.also().forEach(also -> assertTrue(seen.add(also), also));
        }
    }
}

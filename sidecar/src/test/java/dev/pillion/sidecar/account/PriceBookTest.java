package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.chat.Apart;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.Prices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a price may say that no model of the catalog's does, and what is not known. */
class PriceBookTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    private static Prices prices(String written) {
        var read =
                ConfigReader.read(
                        "providers: {h: {speaks: openai, base_url: \"http://h/v1\"}}\n"
                                + "models: [{id: h/m, price: "
                                + written
                                + "}]");
        return Objects.requireNonNull(
                        Objects.requireNonNull(read.config(), read.problems()::toString)
                                .models()
                                .get("h/m"))
                .prices();
    }

    private static Usage usage(long searches, Apart apart) {
        return new Usage(1000, 400, 0, 0, 100, 60, 500, 10, searches, null, false, 0, 0, apart);
    }

    private static BigDecimal usd(String price, Usage usage) {
        return PriceBook.cost(usage, prices(price), NOW, null).usd();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // 600 plain, 400 cached; 100 out, of which 60 thought, 10 spoken
                "{input: 1, output: 10} | 0.002",
                "{input: 1, output: 10, cached_input: 0.1} | 0.00164",
                "{input: 1, output: 10, thinking: 20} | 0.0026",
                // of 500 sounds 300 were cached, so 200 are among the plain
                "{input: 1, output: 10, audio_input: 3} | 0.0024",
                "{input: 1, output: 10, cached_input: 0.1, cached_audio: 0.5} | 0.00176",
                "{input: 1, output: 10, audio_output: 30} | 0.0022",
                // 5 drawn
                "{input: 1, output: 10, image_output: 100} | 0.00245",
                "{input: 1, output: 10, places: {us: 1.1}} | 0.0022",
                "{input: 1, output: 10, places: {eu: 1.2}} | 0.002"
            })
    @DisplayName("F39: thinking, cached sound, drawn pictures and places have rates of their own")
    void whatIsPricedApartHasItsOwnRate(String price, BigDecimal wanted) {
        assertEquals(
                wanted,
                usd(price, usage(0, new Apart(300, 5, 0, Map.of(), List.of(), "us", null))));
    }

    @Test
    @DisplayName("F39: calls cost by the thousand, and those without a price make an estimate")
    void callsCostByTheThousand() {
        Prices prices = prices("{input: 1, output: 10, calls_per_1k: {file_search: 2.50}}");
        var known = new Apart(0, 0, 0, Map.of("file_search", 3L), List.of(), null, null);
        Cost cost = PriceBook.cost(usage(0, known), prices, NOW, null);
        assertEquals(new BigDecimal("0.0095"), cost.usd());
        assertFalse(cost.estimated());
        var other =
                new Apart(0, 0, 0, Map.of("file_search", 3L, "maps", 1L), List.of(), null, null);
        Cost estimate = PriceBook.cost(usage(0, other), prices, NOW, null);
        assertEquals(new BigDecimal("0.0095"), estimate.usd());
        assertTrue(estimate.estimated());
    }

    @Test
    @DisplayName("F38: searches without a price leave the cost unknown, and it is not 0")
    void searchesWithoutAPriceLeaveTheCostUnknown() {
        assertNull(usd("{input: 1, output: 10}", usage(1, Apart.NOTHING)));
        assertEquals(
                new BigDecimal("0.022"),
                usd("{input: 1, output: 10, web_search_per_1k: 10}", usage(2, Apart.NOTHING)));
        assertEquals(
                new BigDecimal("0.012"),
                usd(
                        "{input: 1, output: 10, web_search_per_1k: 10, web_search_by: request}",
                        usage(2, Apart.NOTHING)));
    }

    @Test
    @DisplayName("F38: a price that has not begun is no price")
    void aPriceThatHasNotBegunIsNoPrice() {
        assertNull(usd("{from: 2026-11-23, input: 1, output: 10}", usage(0, Apart.NOTHING)));
        assertEquals(
                new BigDecimal("0.002"),
                usd("{from: 2026-11-22, input: 1, output: 10}", usage(0, Apart.NOTHING)));
    }

    @Test
    @DisplayName("F38 F39: whoever answered or advised is paid at its own price, if that is known")
    void whoeverAnsweredIsPaidAtItsOwnPrice() {
        Prices asked = prices("{input: 1, output: 10}");
        Prices dearer = prices("{input: 2, output: 20}");
        Usage advice = named("known", List.of());
        for (String name : new String[] {"known", "asked-by-its-other-name"}) {
            Cost cost = cost(named(name, List.of()), asked, dearer);
            assertEquals(
                    new BigDecimal(name.equals("known") ? "0.004" : "0.002"), cost.usd(), name);
        }
        assertEquals(
                new BigDecimal("0.006"), cost(named(null, List.of(advice)), asked, dearer).usd());
        Usage compacted = named(null, List.of());
        assertEquals(
                new BigDecimal("0.008"),
                cost(named("known", List.of(compacted)), asked, dearer).usd());
        Usage stranger = named("unknown", List.of());
        assertNull(cost(named(null, List.of(stranger)), asked, dearer).usd());
    }

    private static Cost cost(Usage usage, Prices asked, Prices known) {
        return PriceBook.cost(usage, asked, name -> name.equals("known") ? known : null, NOW, null);
    }

    private static Usage named(String model, List<Usage> beside) {
        return usage(0, Apart.of(0, 0, 0, Map.of(), beside, null, model));
    }

    @Test
    void whatIsFreeCostsNothingAndIsNoEstimate() {
        Cost cost = PriceBook.cost(usage(1, Apart.NOTHING), prices("free"), NOW, null);
        assertEquals(new Cost(BigDecimal.ZERO, false, null), cost);
    }

    @Test
    @DisplayName("F38: a model without a price is refused, unless it says that it is free")
    void aModelWithoutAPriceIsRefused() {
        String head =
                "providers: {h: {speaks: openai, base_url: \"http://h/v1\"}}\nmodels: [{id: h/m";
        var read = ConfigReader.read(head + "}]");
        assertNull(read.config());
        assertTrue(read.problems().toString().contains("price"), read.problems().toString());
        assertTrue(ConfigReader.read(head + ", price: free}]").config() != null);
    }
}

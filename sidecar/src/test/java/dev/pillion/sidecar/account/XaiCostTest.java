package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.uniform.UniformDialect;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.config.Config;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Price;
import dev.pillion.sidecar.config.Prices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What we reckon from the decoded usage and prices, against what xAI billed: {@code
 * cost_in_usd_ticks}, of which 10^10 are one US dollar. The ticks are only compared with.
 */
class XaiCostTest {
    private static final int TICK_DIGITS = 10;
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final Config CATALOG =
            Objects.requireNonNull(
                    ConfigReader.read(
                                    "providers: {xai: {keys: [{id: a, value:"
                                            + " \"env:XAI_API_KEY\"}]}}")
                            .config());
    private static final Pattern TICKS = Pattern.compile("\"cost_in_usd_ticks\":\\s*(\\d+)");
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    /** One bill: what xAI asked for, what we reckon, and what it was for. */
    private record Bill(
            String id, String model, Usage usage, BigDecimal billedUsd, BigDecimal oursUsd) {}

    @Test
    @DisplayName("F35 F36 F39: what we reckon for each recorded answer is what xAI billed")
    void whatWeReckonIsWhatXaiBilled() {
        JsonNode retired = read(shared("prices", "prices-2026-08.json"));
        List<Bill> bills = new ArrayList<>();
        int images = 0;
        for (JsonNode exchange : exchanges()) {
            BigDecimal billed = billed(exchange.path("response"));
            if (billed != null && exchange.path("endpoint").asText().equals("other")) {
                // A picture: passed on raw, priced by the piece ($0.02 of this model).
                assertEquals(0, billed.compareTo(new BigDecimal("0.02")));
                images++;
            } else if (billed != null) {
                bills.add(bill(exchange, billed, retired));
            }
        }
        List<String> differing = new ArrayList<>();
        Map<String, Integer> agreed = new TreeMap<>();
        for (Bill bill : bills) {
            if (bill.oursUsd().compareTo(bill.billedUsd()) == 0) {
                agreed.merge(lines(bill), 1, Integer::sum);
            } else {
                differing.add(bill.toString());
            }
        }
        System.out.printf(
                "xai bills: %d of %d agree to the last tick, %d pictures by the piece%n",
                bills.size() - differing.size(), bills.size(), images);
        agreed.forEach((lines, count) -> System.out.printf("  %4d %s%n", count, lines));
        assertTrue(differing.isEmpty(), () -> String.join("\n", differing));
        assertTrue(bills.size() > 200, "compared " + bills.size());
    }

    @ParameterizedTest
    @CsvSource({
        // input, cached, output, thinking, searches, USD by the pricing page
        "1000000, 0, 0, 0, 0, 4", // from 200,000 tokens on twice the rate, of the whole
        "200000, 0, 1000, 0, 0, 0.812",
        "199999, 0, 1000, 0, 0, 0.405998",
        "200000, 200000, 0, 0, 0, 0.2",
        "199999, 199999, 0, 0, 0, 0.0999995",
        "1000, 1000, 0, 0, 0, 0.0005",
        "1000, 400, 100, 0, 0, 0.002",
        "1000, 0, 100, 100, 0, 0.0026", // thinking is output, and in it
        "0, 0, 0, 0, 1, 0.005",
        "1000, 0, 100, 60, 3, 0.0176"
    })
    @DisplayName("F35 F39: tokens, caches, thinking, long prompts and searches have their prices")
    void tokensCachesThinkingLongPromptsAndSearchesHaveTheirPrices(
            long input, long cached, long output, long thinking, long searches, BigDecimal usd) {
        var usage =
                new Usage(input, cached, 0, 0, output, thinking, 0, 0, searches, "default", false);
        Cost cost =
                PriceBook.cost(
                        usage, prices("grok-4.7", JSON.getNodeFactory().nullNode()), NOW, null);
        assertEquals(0, usd.compareTo(Objects.requireNonNull(cost.usd())), cost.toString());
        assertFalse(cost.estimated());
    }

    @Test
    @DisplayName("F38 F39: a tier whose rates nobody listed makes a cost an estimate")
    void aTierWhoseRatesNobodyListedMakesACostAnEstimate() {
        Prices prices = prices("grok-4.7", JSON.getNodeFactory().nullNode());
        for (String tier : new String[] {null, "default", "priority"}) {
            var usage = new Usage(1000, 0, 0, 0, 100, 0, 0, 0, 0, tier, false);
            Cost cost = PriceBook.cost(usage, prices, NOW, null);
            assertEquals("priority".equals(tier), cost.estimated(), tier);
        }
    }

    /** What a bill consists of. */
    private static String lines(Bill bill) {
        Usage usage = bill.usage();
        var lines = new StringBuilder(bill.model()).append(": prompt");
        if (usage.cachedInputTokens() > 0) {
            boolean all = usage.cachedInputTokens() == usage.inputTokens();
            lines.append(all ? ", all of it cached" : ", partly cached");
        }
        if (usage.thinkingTokens() > 0) {
            lines.append(", thinking");
        }
        if (usage.webSearches() > 0) {
            lines.append(", ").append(usage.webSearches()).append(" searches");
        }
        return lines.toString();
    }

    private static Bill bill(JsonNode exchange, BigDecimal billed, JsonNode retired) {
        ReplyFold answer = answer(exchange);
        String id = exchange.path("id").asText();
        assertEquals(null, answer.fault(), id);
        Prices prices = prices(answer.model(), retired);
        Cost cost = PriceBook.cost(answer.usage(), prices, NOW, null);
        BigDecimal ours = Objects.requireNonNull(cost.usd(), id + " " + answer.model());
        return new Bill(id, answer.model(), answer.usage(), billed, ours);
    }

    /** The last ticks in the answer, however it came; null: none. */
    private static BigDecimal billed(JsonNode response) {
        String text =
                response.hasNonNull("body_text")
                        ? response.path("body_text").asText()
                        : response.path("body").toString();
        BigDecimal last = null;
        for (Matcher ticks = TICKS.matcher(text); ticks.find(); ) {
            last = new BigDecimal(ticks.group(1)).movePointLeft(TICK_DIGITS);
        }
        return last;
    }

    /** The product's own prices where the catalog has the model, else those of a retired one. */
    private static Prices prices(String model, JsonNode retired) {
        ModelConfig known = CATALOG.models().get("xai/" + model);
        if (known != null) {
            return known.prices();
        }
        // The vendor names a level of effort in the model's name; its price is the model's.
        JsonNode row = retired.path("xai/" + model.replaceFirst("-(high|low)$", ""));
        assertTrue(row.isObject(), "no price for " + model);
        BigDecimal input = perMillion(row, "input_cost_per_token", null);
        BigDecimal cached = perMillion(row, "cache_read_input_token_cost", input);
        BigDecimal output = perMillion(row, "output_cost_per_token", null);
        var rates = new Price.Rates(input, output, cached, input, input);
        return new Prices.Dated(
                List.of(
                        new Price(
                                null,
                                new Price.Band(rates, List.of()),
                                Map.of(),
                                Price.Fees.UNKNOWN,
                                Map.of())));
    }

    private static BigDecimal perMillion(JsonNode row, String field, BigDecimal otherwise) {
        JsonNode rate = row.path(field);
        return rate.isNumber() ? rate.decimalValue().multiply(MILLION) : otherwise;
    }

    private static ReplyFold answer(JsonNode exchange) {
        boolean chat = exchange.path("endpoint").asText().equals("chat.completions");
        var traits = new ModelTraits("any", Set.of(), Set.of(), 0, 0, List.of(), null);
        var context = new EncodeContext(traits, "xai", "main", false);
        Provider xai = Objects.requireNonNull(Providers.speaking("xai"));
        var decoder = xai.decoder(request(chat), context, Headers.NONE);
        var fold = new ReplyFold();
        JsonNode response = exchange.path("response");
        String body =
                response.hasNonNull("body_text")
                        ? response.path("body_text").asText()
                        : response.path("body").toString();
        decoder.body(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), fold::accept);
        decoder.end(fold::accept);
        return fold;
    }

    /** A request that goes to the one endpoint or the other. */
    private static ChatRequest request(boolean chat) {
        String stop = chat ? ",\"output\":{\"stop\":[\"###\"]}" : "";
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + stop + "}";
        return new UniformDialect()
                .decode(
                        new Surface(
                                "/v1/generate",
                                Headers.NONE,
                                body.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<JsonNode> exchanges() {
        Path file = shared("corpus", "xai.jsonl");
        List<JsonNode> exchanges = new ArrayList<>();
        try (var lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                exchanges.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return exchanges;
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path shared(String folder, String file) {
        String place = System.getenv().getOrDefault("PILLION_SHARED", "../../shared");
        Path path = Path.of(place, folder, file);
        assumeTrue(Files.exists(path), "no recordings or prices beside the checkout");
        return path;
    }
}

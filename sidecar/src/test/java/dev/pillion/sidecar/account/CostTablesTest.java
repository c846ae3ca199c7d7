package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.pillion.sidecar.config.Prices;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Usage as each vendor writes it, and what it costs by the vendor's page: {@code
 * costs-VENDOR.json}, a line a case, each with its source and how it was reckoned by hand. Read as
 * an answer that is translated, and as one that goes by.
 */
class CostTablesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TODAY = "2026-11-22T12:00:00Z";
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final Config CATALOG =
            Objects.requireNonNull(
                    ConfigReader.read("providers: {openai: {keys: [{id: a, value: \"env:K\"}]}}")
                            .config());

    /** One line of a table. */
    record Line(String vendor, JsonNode json) {
        String text(String field) {
            return json.path(field).asText("");
        }

        boolean is(String endpoint) {
            return text("endpoint").equals(endpoint);
        }

        @Override
        public String toString() {
            return vendor + ": " + text("what");
        }
    }

    static Stream<Line> lines() {
        return Stream.of("anthropic", "openai", "xai", "gemini").flatMap(CostTablesTest::table);
    }

    private static Stream<Line> table(String vendor) {
        String name = "costs-" + vendor + ".json";
        try (InputStream in = CostTablesTest.class.getResourceAsStream(name)) {
            List<Line> lines = new ArrayList<>();
            JSON.readTree(in).forEach(line -> lines.add(new Line(vendor, line)));
            return lines.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    @DisplayName("F35 F38 F39: what a vendor says was used costs what its page says")
    void whatAVendorSaysWasUsedCostsWhatItsPageSays(Line line) {
        check(line, "goes by", passed(line));
        if (!line.is("embeddings")) {
            check(line, "is translated", translated(line));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void eachLineIsReckonedAsItSays(Line line) {
        assertFalse(line.text("source").isEmpty());
        assertEquals(line.json().has("usd"), true);
        String[] parts = line.text("by").split(";", -1);
        if (line.json().path("usd").isNull()) {
            assertEquals("no price", parts[0]);
            return;
        }
        BigDecimal usd = sum(parts[0]).divide(MILLION);
        usd = parts.length > 1 ? usd.add(sum(parts[1])) : usd;
        assertEquals(0, usd.compareTo(new BigDecimal(line.text("usd"))), line.text("by"));
    }

    private static BigDecimal sum(String terms) {
        BigDecimal sum = BigDecimal.ZERO;
        for (String term : terms.split("\\+", -1)) {
            BigDecimal product = BigDecimal.ONE;
            for (String factor : term.split("\\*", -1)) {
                product = product.multiply(new BigDecimal(factor.strip()));
            }
            sum = sum.add(product);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic, 'input_tokens output_tokens cache_creation_input_tokens"
                + " cache_read_input_tokens ephemeral_5m_input_tokens ephemeral_1h_input_tokens"
                + " thinking_tokens web_search_requests web_fetch_requests'",
        "openai, 'prompt_tokens completion_tokens total_tokens cached_tokens cache_write_tokens"
                + " audio_tokens image_tokens text_tokens reasoning_tokens"
                + " accepted_prediction_tokens rejected_prediction_tokens input_tokens"
                + " output_tokens ttl_30m_tokens ttl_12h_tokens'",
        "xai, 'prompt_tokens completion_tokens total_tokens text_tokens image_tokens"
                + " cached_tokens reasoning_tokens num_sources_used num_server_side_tools_used"
                + " cost_in_usd_ticks input_tokens output_tokens web_search_calls x_search_calls"
                + " code_interpreter_calls file_search_calls mcp_calls document_search_calls"
                + " image_generation_calls'",
        "gemini, 'promptTokenCount cachedContentTokenCount candidatesTokenCount"
                + " thoughtsTokenCount toolUsePromptTokenCount totalTokenCount tokenCount'"
    })
    void everyCountOfAVendorsUsageIsInALine(String vendor, String counts) {
        Set<String> seen = new TreeSet<>();
        table(vendor).forEach(line -> counted(line.json().path("usage"), seen));
        Set<String> missing = new TreeSet<>(List.of(counts.split(" ", -1)));
        missing.removeAll(seen);
        assertEquals(Set.of(), missing);
    }

    private static void counted(JsonNode node, Set<String> seen) {
        node.properties()
                .forEach(each -> {
                    if (each.getValue().asLong() > 0) {
                        seen.add(each.getKey());
                    }
                    counted(each.getValue(), seen);
                });
        if (node.isArray()) {
            node.forEach(each -> counted(each, seen));
        }
    }

    private static void check(Line line, String how, Usage usage) {
        ModelConfig model = CATALOG.models().get(line.vendor() + "/" + line.text("model"));
        Prices prices = model == null ? new Prices.Unknown() : model.prices();
        Instant at = Instant.parse(line.json().path("at").asText(TODAY));
        Cost cost =
                PriceBook.cost(usage, prices, name -> known(line.vendor() + "/" + name), at, null);
        if (line.json().path("usd").isNull()) {
            assertNull(cost.usd(), how);
            return;
        }
        assertTrue(model != null, "the catalog has " + line.text("model"));
        assertEquals(new BigDecimal(line.text("usd")), cost.usd(), how + ": " + usage);
        assertEquals(line.json().path("estimated").asBoolean(), cost.estimated(), how);
    }

    private static Prices known(String id) {
        ModelConfig model = CATALOG.models().get(id);
        return model == null ? null : model.prices();
    }

    private static Provider vendor(Line line) {
        return Objects.requireNonNull(Providers.speaking(line.vendor()));
    }

    private static Headers headers(Line line) {
        String tier = line.text("header");
        return tier.isEmpty()
                ? Headers.NONE
                : Headers.builder().add("x-gemini-service-tier", tier).build();
    }

    private static Usage passed(Line line) {
        var watch = vendor(line).usageWatch(line.vendor(), headers(line));
        watch.saw(answer(line));
        return Objects.requireNonNull(watch.usage(), "no usage was seen");
    }

    private static Usage translated(Line line) {
        var traits = new ModelTraits("any", Set.of(), Set.of(), 0, 0, List.of(), null);
        var context = new EncodeContext(traits, line.vendor(), "main", false);
        boolean chat = !line.is("responses");
        var decoder = vendor(line).decoder(request(chat), context, headers(line));
        var fold = new ReplyFold();
        byte[] body = answer(line).toString().getBytes(StandardCharsets.UTF_8);
        decoder.body(ByteBuffer.wrap(body), fold::accept);
        decoder.end(fold::accept);
        assertEquals(null, fold.fault());
        return fold.usage();
    }

    /** A request that goes to the one endpoint or the other, where a vendor has both. */
    private static ChatRequest request(boolean chat) {
        String stop = chat ? ",\"output\":{\"stop\":[\"###\"]}" : "";
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + stop + "}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new UniformDialect().decode(new Surface("/v1/generate", Headers.NONE, bytes));
    }

    /** The line's usage in a whole answer. */
    private static ObjectNode answer(Line line) {
        String model = "\"model\": \"" + line.text("model") + "\", ";
        ObjectNode answer =
                switch (line.vendor()) {
                    case "anthropic" ->
                            read(
                                    "{\"id\": \"msg_1\", \"type\": \"message\", \"role\":"
                                            + " \"assistant\", "
                                            + model
                                            + "\"content\": [{\"type\": \"text\", \"text\":"
                                            + " \"Yes.\"}], \"stop_reason\": \"end_turn\"}");
                    case "gemini" -> gemini(line);
                    default -> line.is("responses") ? response(line, model) : chat(model);
                };
        answer.set(line.vendor().equals("gemini") ? "usageMetadata" : "usage", usage(line));
        if (line.json().has("service_tier")) {
            answer.set("service_tier", line.json().path("service_tier"));
        }
        return answer;
    }

    private static JsonNode usage(Line line) {
        return line.json().path("usage");
    }

    private static ObjectNode chat(String model) {
        return read(
                "{\"id\": \"c\", \"object\": \"chat.completion\", \"created\": 1, "
                        + model
                        + "\"choices\": [{\"index\": 0, \"message\": {\"role\": \"assistant\","
                        + " \"content\": \"Yes.\"}, \"finish_reason\": \"stop\"}]}");
    }

    private static ObjectNode response(Line line, String model) {
        ObjectNode response =
                read(
                        "{\"id\": \"resp_1\", \"object\": \"response\", \"created_at\": 1,"
                                + " \"status\": \"completed\", "
                                + model
                                + "\"output\": []}");
        line.json()
                .path("answer")
                .properties()
                .forEach(e -> response.set(e.getKey(), e.getValue()));
        ((ArrayNode) response.path("output"))
                .add(
                        read(
                                "{\"type\": \"message\", \"id\": \"msg_1\", \"role\":"
                                        + " \"assistant\", \"status\": \"completed\", \"content\":"
                                        + " [{\"type\": \"output_text\", \"text\": \"Yes.\","
                                        + " \"annotations\": []}]}"));
        return response;
    }

    private static ObjectNode gemini(Line line) {
        ObjectNode answer =
                read(
                        "{\"candidates\": [{\"content\": {\"role\": \"model\", \"parts\":"
                                + " [{\"text\": \"Yes.\"}]}, \"finishReason\": \"STOP\"}]}");
        ObjectNode candidate = (ObjectNode) answer.at("/candidates/0");
        line.json()
                .path("candidate")
                .properties()
                .forEach(e -> candidate.set(e.getKey(), e.getValue()));
        return answer;
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

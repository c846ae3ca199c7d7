package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the ledger says of requests that went through real sockets. */
class UsageTest {
    private static final String ASK =
            """
            {"class": "fast", "stream": %s, "messages": [{"role": "user", "content": "Hello."}],
             "output": {"max_tokens": 100}}
            """;

    private static final Predicate<String> UNPRICED_TWICE =
            Pattern.compile("pillion_unpriced_count_total(\\{.*})? 2").asMatchPredicate();

    private TestSidecar daemon;

    @BeforeEach
    void start() throws Exception {
        daemon = TestSidecar.start();
    }

    @AfterEach
    void stop() throws Exception {
        daemon.close();
    }

    private HttpResponse<String> ask(boolean stream, String... headers) throws Exception {
        return daemon.post("/v1/generate", ASK.formatted(stream), headers);
    }

    @Test
    void everyRequestIsBookedOnWhoeverCalled() throws Exception {
        BigDecimal billing = BigDecimal.ZERO;
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer =
                    ask(false, "x-pillion-caller", "billing", "x-pillion-tags", "team=blue");
            billing =
                    billing.add(
                            new BigDecimal(
                                    answer.headers()
                                            .firstValue("x-pillion-cost-usd")
                                            .orElseThrow()));
        }
        ask(true, "x-pillion-caller", "search", "x-pillion-tags", "team=red");
        JsonNode rows = daemon.admin("/usage?by=caller").path("rows");
        assertEquals(2, rows.size(), rows.toString());
        assertEquals("billing", rows.path(0).path("caller").asText());
        assertEquals(3, rows.path(0).path("requests").asInt());
        assertEquals(
                billing.stripTrailingZeros().toPlainString(),
                rows.path(0).path("cost_usd").asText());
        assertEquals("search", rows.path(1).path("caller").asText());
        assertTrue(rows.path(1).path("output_tokens").asLong() > 0);
        JsonNode teams = daemon.admin("/usage?by=tag:team&since=1h").path("rows");
        assertEquals("blue", teams.path(0).path("tag:team").asText());
        assertEquals("red", teams.path(1).path("tag:team").asText());
    }

    @Test
    @DisplayName("F42: a failed attempt is in the ledger beside the one that answered")
    void failedAttemptsAreBookedBesideTheOneThatAnswered() throws Exception {
        daemon.anthropic.faults().always(new Misbehaviour.Status(500));
        daemon.openai.faults().next(new Misbehaviour.Status(500));
        for (int i = 0; i < 4; i++) {
            assertEquals(200, ask(false).statusCode());
        }
        JsonNode total = daemon.admin("/usage").path("total");
        assertEquals(4, total.path("requests").asInt(), total.toString());
        int asked =
                daemon.anthropic.log().requests().size() + daemon.openai.log().requests().size();
        assertEquals(asked, total.path("attempts").asInt(), total.toString());
        assertEquals(0, total.path("unpriced").asInt(), total.toString());
    }

    @Test
    void aRefusedRequestIsNotInTheLedger() throws Exception {
        assertEquals(400, daemon.post("/v1/generate", "{}").statusCode());
        assertEquals(0, daemon.admin("/usage").path("total").path("attempts").asInt());
    }

    @Test
    void whatCannotBeUnderstoodIsNamed() throws Exception {
        String message = daemon.admin("/usage?by=colour").path("error").path("message").asText();
        assertTrue(message.contains("by: 'colour' (expected: caller,"), message);
        message = daemon.admin("/usage?since=soon").path("error").path("message").asText();
        assertTrue(message.contains("since: 'soon' (expected: a time"), message);
    }

    @Test
    @DisplayName("F50: the ledger has no key, prompt or answer in it")
    void theLedgerHasNoKeyPromptOrAnswerInIt() throws Exception {
        HttpResponse<String> answer =
                daemon.post("/v1/generate", ASK.formatted(false).replace("Hello.", "canary-word"));
        String said =
                StreamSupport.stream(TestSidecar.json(answer).path("content").spliterator(), false)
                        .filter(part -> part.path("type").asText().equals("text"))
                        .map(part -> part.path("text").asText())
                        .collect(Collectors.joining());
        assertFalse(said.isEmpty());
        daemon.admin("/usage");
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(daemon.directory.resolve("state"))) {
            all.filter(file -> file.toString().endsWith(".ledger")).forEach(files::add);
        }
        assertEquals(1, files.size(), files.toString());
        String text = Files.readString(files.getFirst(), StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("\"request_id\""));
        assertFalse(text.contains("canary"), text);
        assertFalse(text.contains(said), text);
    }

    @Test
    @DisplayName("F38: a model without a known price is in the status, the metrics and the sums")
    void aModelWithoutAKnownPriceIsTold() throws Exception {
        String unpriceable =
                TestSidecar.CONFIG
                        + "models: [{id: anthropic/claude-opus-4-8, price: {from: 2999-01-01,"
                        + " input: 5, output: 25}}]\n";
        try (var bed = TestSidecar.start(unpriceable)) {
            assertEquals(0, bed.admin("/status").at("/unpriced/models").size());
            String ask = ASK.formatted(false).replace("\"class\": \"fast\"", "\"model\": \"%s\"");
            var priced = bed.post("/v1/generate", ask.formatted("anthropic/claude-haiku-5-5"));
            assertEquals(200, priced.statusCode(), priced.body());
            JsonNode answer = null;
            for (int i = 0; i < 2; i++) {
                var got = bed.post("/v1/generate", ask.formatted("anthropic/claude-opus-4-8"));
                assertEquals(200, got.statusCode(), got.body());
                answer = TestSidecar.json(got);
            }
            assertTrue(answer.at("/cost/usd").isNull(), answer.path("cost").toString());
            JsonNode unpriced = bed.admin("/status").path("unpriced");
            assertEquals(2, unpriced.path("attempts").asInt());
            assertEquals("[\"anthropic/claude-opus-4-8\"]", unpriced.path("models").toString());
            JsonNode total = bed.admin("/usage").path("total");
            assertEquals(2, total.path("unpriced").asInt());
            assertTrue(new BigDecimal(total.path("cost_usd").asText()).signum() > 0);
            String metrics = bed.get(bed.probe("/metrics")).body();
            assertTrue(metrics.lines().anyMatch(UNPRICED_TWICE), metrics);
        }
    }
}

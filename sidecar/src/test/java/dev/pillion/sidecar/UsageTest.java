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
}

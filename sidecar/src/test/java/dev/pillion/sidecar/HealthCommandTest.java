package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the admin socket and the metrics tell of the targets' health. */
class HealthCommandTest {
    private static final String HI = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String SONNET = "anthropic/claude-sonnet-5-5";

    private TestSidecar bed;

    @BeforeEach
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.ORDERED);
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
    }

    private HttpResponse<String> ask() throws Exception {
        return bed.post("/v1/generate", HI);
    }

    private JsonNode target(String name) throws Exception {
        for (JsonNode target : bed.admin("/health").path("targets")) {
            String model = target.path("model").isNull() ? null : target.path("model").asText();
            if (name.equals(model == null ? target.path("provider").asText() : model)) {
                return target;
            }
        }
        throw new AssertionError(name + " is not among " + bed.admin("/health"));
    }

    @Test
    void whoWasNotAskedYetIsListedByProviderOnly() throws Exception {
        JsonNode targets = bed.admin("/health").path("targets");
        assertEquals(2, targets.size(), targets.toString());
        assertEquals("closed", targets.path(0).path("state").asText());
        assertEquals(0, targets.path(0).path("calls").asInt());
        assertEquals(0, bed.admin("/status").path("ejected").size());
    }

    @Test
    void whoAnswersIsClosedWithItsWaits() throws Exception {
        assertEquals(200, ask().statusCode());
        JsonNode model = target(SONNET);
        assertEquals("closed", model.path("state").asText());
        assertEquals(1, model.path("share").asDouble());
        assertEquals(1, model.path("calls").asInt());
        assertEquals(1, model.path("window_ended").asInt());
        assertEquals(0, model.path("window_failed").asInt());
        assertTrue(model.at("/whole_answer_ms/p50").isNumber(), model.toString());
        assertTrue(model.at("/first_token_ms/p50").isNull(), model.toString());
    }

    @Test
    void whoFailsIsOpenUntilATime() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.Status(500));
        Instant before = Instant.now();
        for (int i = 0; i < 3; i++) {
            assertEquals(200, ask().statusCode());
        }
        JsonNode model = target(SONNET);
        assertEquals("open", model.path("state").asText(), model.toString());
        assertEquals(0, model.path("share").asDouble());
        assertTrue(Instant.parse(model.path("until").asText()).isAfter(before), model.toString());
        assertTrue(model.path("window_failed").asInt() >= 2, model.toString());
        String ejected = bed.admin("/status").path("ejected").toString();
        assertTrue(ejected.contains(SONNET + " until "), ejected);
        assertFalse(ejected.contains("openai"), ejected);
        assertStates(
                Map.of(
                        "provider=\"anthropic\",model=\"claude-sonnet-5-5\"", 2,
                        "provider=\"openai\",model=\"\"", 0));
    }

    private void assertStates(Map<String, Integer> states) throws Exception {
        String metrics = bed.get(bed.probe("/metrics")).body();
        states.forEach((labels, state) ->
                assertTrue(
                        metrics.contains("\npillion_breaker_state{" + labels + "} " + state + "\n"),
                        metrics));
    }

    @Test
    void aKeyThatIsLeftAloneIsListedWithItsEnd() throws Exception {
        bed.sidecar.health().hold("anthropic", "a1", SONNET, Duration.ofMinutes(2));
        JsonNode held = bed.admin("/health").path("held_keys").path(0);
        assertEquals("a1", held.path("key_id").asText());
        assertEquals(SONNET, held.path("model").asText());
        assertTrue(Instant.parse(held.path("until").asText()).isAfter(Instant.now()));
    }

    @Test
    void whoeverLooksChangesNothing() throws Exception {
        assertEquals(200, ask().statusCode());
        JsonNode once = bed.admin("/health");
        assertEquals(once, bed.admin("/health"));
    }
}

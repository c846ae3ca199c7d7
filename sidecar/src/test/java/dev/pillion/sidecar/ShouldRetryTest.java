package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What SDKs are told about trying again, which Pillion has already done. */
class ShouldRetryTest {
    private static final List<String> SURFACES =
            List.of("/v1/chat/completions", "/v1/messages", "/v1/responses");

    private TestSidecar bed;

    @BeforeEach
    void start() throws Exception {
        bed = TestSidecar.start();
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    private static String ask(String surface, String model) {
        String words =
                surface.endsWith("responses")
                        ? "\"input\":\"hello\""
                        : "\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
        return "{\"model\":\"%s\",%s}".formatted(model, words);
    }

    private void everywhere(int status, String shouldRetry, String model, String... headers)
            throws Exception {
        for (String surface : SURFACES) {
            HttpResponse<String> answer = bed.post(surface, ask(surface, model), headers);
            String about = surface + " " + answer.headers().map() + answer.body();
            assertEquals(status, answer.statusCode(), about);
            assertEquals(
                    shouldRetry,
                    answer.headers().firstValue("x-should-retry").orElse("absent"),
                    about);
        }
    }

    private void bothSay(Misbehaviour what) {
        bed.anthropic.faults().always(what);
        bed.openai.faults().always(what);
    }

    @Test
    void whatWasRetriedInVainIsNotToBeRetriedByTheClient() throws Exception {
        bothSay(new Misbehaviour.Status(500));
        everywhere(503, "false", "class:balanced");
    }

    @Test
    void whoIsToldWhenToComeBackMayComeBack() throws Exception {
        bothSay(limited(Duration.ofSeconds(7)));
        everywhere(429, "true", "class:balanced");
    }

    @Test
    void whoWouldHaveToWaitLongerThanSdksDoIsSentAway() throws Exception {
        bothSay(limited(Duration.ofMinutes(10)));
        everywhere(429, "false", "class:balanced");
    }

    @Test
    void whatTheCallerMustChangeIsNotToBeRetried() throws Exception {
        everywhere(404, "false", "nobody/nothing");
    }

    @Test
    void aClientThatForbidsFailoverRetriesByItsOwnRules() throws Exception {
        bothSay(new Misbehaviour.GarbageHttp());
        everywhere(502, "absent", "class:balanced", "x-pillion-failover", "off");
    }

    private static Misbehaviour limited(Duration wait) {
        return new Misbehaviour.Status(429, RetryHint.SECONDS, wait, false);
    }
}

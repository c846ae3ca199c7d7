package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.SeenRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that go through to Anthropic as they are, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PassedMessagesTest {
    private static final String LONG =
            "a rather long question, so that the answer has many words to be broken off in";

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.ORDERED);
    }

    @AfterEach
    void mend() {
        bed.anthropic.faults().clear();
        bed.openai.faults().clear();
        bed.sidecar.health().forget();
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    private static String ask(String model, boolean stream) {
        return """
        { "max_tokens" : 64,"model": "%s",\t"stream":%s,
          "messages":[{"role":"user","content":"%s \\u00e9\\/"}] }
        """
                .formatted(model, stream, LONG);
    }

    private SeenRequest seen() {
        return Objects.requireNonNull(bed.anthropic.log().last());
    }

    private static long count(String body, String what) {
        return body.lines().filter(what::equals).count();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("F49: body, version and betas reach the vendor as the client sent them")
    void aRequestReachesTheVendorAsItCame(boolean stream) throws Exception {
        String body = ask("class:balanced", stream);
        HttpResponse<String> answer =
                bed.post(
                        "/v1/messages?beta=true",
                        body,
                        "anthropic-version",
                        "2023-06-01",
                        "anthropic-beta",
                        "unheard-of-2031-01-01");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("anthropic", answer.headers().firstValue("x-pillion-provider").orElse(""));
        String model = answer.headers().firstValue("x-pillion-model").orElse("");
        assertEquals(body.replace("class:balanced", model), seen().body());
        assertEquals("unheard-of-2031-01-01", seen().header("anthropic-beta"));
        assertEquals("2023-06-01", seen().header("anthropic-version"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theVendorsLimitsAndRequestIdAreHandedOn(boolean stream) throws Exception {
        HttpResponse<String> answer = bed.post("/v1/messages", ask("class:balanced", stream));
        String ours = answer.headers().firstValue("x-pillion-request-id").orElse("");
        assertEquals(1, answer.headers().allValues("request-id").size());
        assertNotEquals(ours, answer.headers().firstValue("request-id").orElse(""));
        assertTrue(
                answer.headers().map().keySet().stream()
                        .anyMatch(name -> name.startsWith("anthropic-ratelimit-")),
                answer.headers().map().toString());
        assertTrue(answer.headers().firstValue("server").isEmpty());
    }

    @Test
    void neverMeansThatTheBodyIsWrittenAnew() throws Exception {
        String body = ask("class:balanced", false);
        HttpResponse<String> answer =
                bed.post("/v1/messages", body, "x-pillion-passthrough", "never");
        assertEquals(200, answer.statusCode(), answer.body());
        String model = answer.headers().firstValue("x-pillion-model").orElse("");
        assertNotEquals(body.replace("class:balanced", model), seen().body());
        assertTrue(answer.headers().firstValue("anthropic-ratelimit-requests-limit").isEmpty());
    }

    @Test
    @DisplayName("F13 F14: an error before content goes to another vendor, by translation")
    void anErrorBeforeContentGoesElsewhere() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.ErrorEvent(0, 529));
        String body = bed.post("/v1/messages", ask("class:balanced", true)).body();
        assertFalse(body.contains("overloaded"), body);
        assertEquals(1, count(body, "event: message_start"), body);
        assertEquals(1, count(body, "event: message_stop"), body);
    }

    @Test
    @DisplayName("F12 F14: a stream that breaks after content ends in exactly one error event")
    void aStreamThatBreaksEndsInOneErrorEvent() throws Exception {
        for (Misbehaviour what :
                List.of(
                        new Misbehaviour.ErrorEvent(10, 529),
                        new Misbehaviour.Break(10, Misbehaviour.How.CLOSE),
                        new Misbehaviour.Break(10, Misbehaviour.How.END))) {
            bed.sidecar.health().forget();
            bed.anthropic.faults().always(what);
            String body = bed.post("/v1/messages", ask("class:balanced", true)).body();
            assertEquals(1, count(body, "event: message_start"), body);
            assertEquals(1, count(body, "event: error"), body);
            assertEquals(0, count(body, "event: message_stop"), body);
            assertTrue(body.lastIndexOf("event: ") == body.indexOf("event: error"), body);
        }
    }

    @Test
    void whatAnotherVendorLeftInTheConversationIsTranslated() throws Exception {
        String body =
                """
                {"model":"class:balanced","max_tokens":64,"messages":[
                  {"role":"user","content":"hi"},
                  {"role":"assistant","content":[
                    {"type":"thinking","thinking":"hm","signature":""},
                    {"type":"text","text":"hello"}]},
                  {"role":"user","content":"go on"}]}
                """;
        HttpResponse<String> answer = bed.post("/v1/messages", body);
        assertEquals(200, answer.statusCode(), answer.body());
        assertFalse(seen().body().contains("\"signature\":\"\""), seen().body());
    }
}

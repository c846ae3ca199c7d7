package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.SeenRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that go through to OpenAI as they are, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PassedResponsesTest {
    private static final String LONG =
            "a rather long question, so that the answer has many words to be broken off in";

    private static final String MODEL = "first-openai";

    /** A model of OpenAI first, and Anthropic's behind it. */
    private static final String ALIAS =
            TestSidecar.CONFIG
                    + """
                    aliases:
                      first-openai: [openai/gpt-4.1, anthropic/claude-sonnet-5-5]
                    """;

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(ALIAS);
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
        { "store" : false,"model": "%s",\t"stream":%s,
          "input":[{"role":"user","content":"%s \\u00e9\\/"}] }
        """
                .formatted(model, stream, LONG);
    }

    private SeenRequest seen() {
        return Objects.requireNonNull(bed.openai.log().last());
    }

    private static long count(String body, String what) {
        return body.lines().filter(what::equals).count();
    }

    /** The numbers of all events, the error's among them. */
    private static List<Long> numbers(String body) throws MalformedJson {
        var numbers = new ArrayList<Long>();
        for (String line : body.lines().filter(line -> line.startsWith("data: {")).toList()) {
            numbers.add(Json.read(line.substring(6)).path("sequence_number").asLong(-1));
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("F49: body and betas reach the vendor as the client sent them")
    void aRequestReachesTheVendorAsItCame(boolean stream) throws Exception {
        String body = ask(MODEL, stream);
        HttpResponse<String> answer = bed.post("/v1/responses", body, "openai-beta", "unheard=of");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("openai", answer.headers().firstValue("x-pillion-provider").orElse(""));
        String model = answer.headers().firstValue("x-pillion-model").orElse("");
        assertEquals(body.replace(MODEL, model), seen().body());
        assertEquals("unheard=of", seen().header("openai-beta"));
        String ours = answer.headers().firstValue("x-pillion-request-id").orElse("");
        assertEquals(1, answer.headers().allValues("x-request-id").size());
        assertNotEquals(ours, answer.headers().firstValue("x-request-id").orElse(""));
        assertTrue(answer.headers().firstValue("x-ratelimit-limit-requests").isPresent());
        assertTrue(answer.body().contains("resp_"), answer.body());
    }

    @Test
    void neverMeansThatTheBodyIsWrittenAnew() throws Exception {
        String body = ask(MODEL, false);
        HttpResponse<String> answer =
                bed.post("/v1/responses", body, "x-pillion-passthrough", "never");
        assertEquals(200, answer.statusCode(), answer.body());
        String model = answer.headers().firstValue("x-pillion-model").orElse("");
        assertNotEquals(body.replace(MODEL, model), seen().body());
        assertTrue(answer.headers().firstValue("x-ratelimit-limit-requests").isEmpty());
    }

    @Test
    @DisplayName("F13 F14: an error before content goes to another vendor, by translation")
    void anErrorBeforeContentGoesElsewhere() throws Exception {
        bed.openai.faults().always(new Misbehaviour.ErrorEvent(0, 503));
        String body = bed.post("/v1/responses", ask(MODEL, true)).body();
        assertEquals(0, count(body, "event: error"), body);
        assertEquals(1, count(body, "event: response.created"), body);
        assertEquals(1, count(body, "event: response.completed"), body);
    }

    @Test
    @DisplayName("F12 F14: a stream that breaks after content ends in exactly one error event")
    void aStreamThatBreaksEndsInOneErrorEvent() throws Exception {
        for (Misbehaviour what :
                List.of(
                        new Misbehaviour.ErrorEvent(10, 503),
                        new Misbehaviour.Break(10, Misbehaviour.How.CLOSE),
                        new Misbehaviour.Break(10, Misbehaviour.How.END))) {
            bed.sidecar.health().forget();
            bed.openai.faults().always(what);
            String body = bed.post("/v1/responses", ask(MODEL, true)).body();
            assertEquals(1, count(body, "event: response.created"), body);
            assertEquals(1, count(body, "event: error"), body);
            assertEquals(0, count(body, "event: response.completed"), body);
            assertFalse(body.contains("response.failed"), body);
            assertTrue(body.lastIndexOf("event: ") == body.indexOf("event: error"), body);
            List<Long> numbers = numbers(body);
            assertEquals(LongStream.range(0, numbers.size()).boxed().toList(), numbers, body);
        }
    }
}

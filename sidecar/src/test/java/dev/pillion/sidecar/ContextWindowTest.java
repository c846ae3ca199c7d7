package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.Misbehaviour;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContextWindowTest {
    /** A small window, the same again, a larger one, and the largest, in that order. */
    private static final String CONFIG =
            TestSidecar.FOUR
                    + """
                    models:
                      - {id: anthropic/claude-sonnet-5-5, context: 2000, max_output: 1000}
                      - {id: xai/grok-4.6, context: 2000, max_output: 1000}
                      - {id: openai/gpt-6.1-terra, context: 4000, max_output: 1000}
                      - {id: gemini/gemini-4-hydrogen, context: 20000, max_output: 8000}
                    routing: {failover: {max_attempts: 8}, classes: {balanced: {order: [anthropic/claude-sonnet-5-5,
                      xai/grok-4.6, openai/gpt-6.1-terra, gemini/gemini-4-hydrogen]}}}
                    """;

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(CONFIG);
    }

    @AfterEach
    void mend() {
        Stream.of(bed.anthropic, bed.openai, bed.gemini, bed.xai)
                .forEach(vendor -> vendor.faults().clear());
        bed.sidecar.health().forget();
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
    }

    private static Stream<Way> surfaces() {
        return Stream.of(Way.values()).filter(Way::streams);
    }

    private static String words(int count) {
        return "alpha ".repeat(count).strip();
    }

    private HttpResponse<String> generate(String what, String text) throws Exception {
        return bed.post(
                "/v1/generate",
                "{%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(what, text));
    }

    private static String servedBy(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.headers().firstValue("x-pillion-provider").orElse("")
                + " "
                + answer.headers().firstValue("x-pillion-attempts").orElse("");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @DisplayName("F18: who surely can't hold the prompt is not asked, on every surface")
    void whoCantHoldThePromptIsNotAsked(Way way) throws Exception {
        String model = "class:balanced";
        HttpResponse<String> answer =
                bed.post(way.path(model, false), way.body(model, words(6000), false));
        assertEquals("gemini 1", servedBy(answer));
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @DisplayName("F18: a prompt that no window holds is told as too long, on every surface")
    void aPromptThatNobodyHoldsIsTooLong(Way way) throws Exception {
        String model = "class:balanced";
        for (boolean stream : List.of(false, true)) {
            HttpResponse<String> answer =
                    bed.post(way.path(model, stream), way.body(model, words(40_000), stream));
            assertEquals(400, answer.statusCode(), answer.body());
            assertTrue(
                    answer.body().contains("its context of 20000 tokens can't hold the prompt"),
                    answer.body());
            String type = way.errorType(answer.body());
            String expected =
                    switch (way) {
                        case GENERATE -> "context_too_long";
                        case CHAT, RESPONSES -> "context_length_exceeded";
                        case MESSAGES -> "invalid_request_error";
                        default -> "INVALID_ARGUMENT";
                    };
            assertEquals(expected, type, answer.body());
        }
    }

    @Test
    void theReasonNamesThePromptAndTheAnswerAskedFor() throws Exception {
        HttpResponse<String> answer =
                generate("\"class\":\"balanced\",\"output\":{\"max_tokens\":900}", words(2000));
        assertEquals("openai 1", servedBy(answer));
        String why = TestSidecar.json(answer).path("route").path("why").asText();
        assertTrue(
                why.contains(
                        "anthropic/claude-sonnet-5-5: its context of 2000 tokens can't hold the"
                                + " prompt of at least 1500 and 900 of output"),
                why);
    }

    @Test
    @DisplayName("F18: what may fit is sent, and an overflow goes to larger windows only")
    void anOverflowGoesToLargerWindowsOnly() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.PromptTooLong());
        bed.openai.faults().always(new Misbehaviour.PromptTooLong());
        long before = bed.xai.log().requestCount();
        assertEquals("gemini 3", servedBy(generate("\"class\":\"balanced\"", words(2000))));
        assertEquals(before, bed.xai.log().requestCount(), "its window is no larger");
    }

    @Test
    @DisplayName("F18: an overflow everywhere is told as such, and nobody is asked twice")
    void anOverflowEverywhereIsTold() throws Exception {
        Stream.of(bed.anthropic, bed.openai, bed.gemini, bed.xai)
                .forEach(vendor -> vendor.faults().always(new Misbehaviour.PromptTooLong()));
        HttpResponse<String> answer = generate("\"class\":\"balanced\"", "short");
        assertEquals(400, answer.statusCode(), answer.body());
        assertEquals("context_too_long", Way.GENERATE.errorType(answer.body()));
        assertEquals(3, TestSidecar.json(answer).path("error").path("attempts").size());
    }

    @Test
    @DisplayName("F18: who was overloaded is not asked again for what is too long for it")
    void whoIsTooSmallIsNotAskedAgain() throws Exception {
        bed.anthropic.faults().next(new Misbehaviour.Status(503));
        bed.xai.faults().always(new Misbehaviour.PromptTooLong());
        bed.openai.faults().always(new Misbehaviour.PromptTooLong());
        bed.gemini.faults().always(new Misbehaviour.PromptTooLong());
        long before = bed.anthropic.log().requestCount();
        assertEquals(400, generate("\"class\":\"balanced\"", "short").statusCode());
        assertEquals(before + 1, bed.anthropic.log().requestCount());
    }

    @Test
    void onlyWhatIsSureRemovesAModel() throws Exception {
        String first = "\"class\":\"balanced\"";
        assertEquals("anthropic 1", servedBy(generate(first, "-".repeat(6000))));
        assertEquals("anthropic 1", servedBy(generate(first, "word".repeat(3000))));
        assertEquals("anthropic 1", servedBy(generate(first, words(2500))));
    }

    @Test
    void whatTheVendorMayCutIsSent() throws Exception {
        HttpResponse<String> cut =
                bed.post(
                        "/v1/responses",
                        "{\"model\":\"openai/gpt-6.1-terra\",\"truncation\":\"auto\","
                                + "\"input\":\"%s\"}".formatted(words(8000)));
        assertEquals("openai 1", servedBy(cut));
    }

    @Test
    void aLongAnswerIsAskedOfWhoGivesOneWhereAnybodyDoes() throws Exception {
        String first = "\"class\":\"balanced\",\"output\":{\"max_tokens\":%d}";
        HttpResponse<String> answer = generate(first.formatted(5000), "hello");
        assertEquals("gemini 1", servedBy(answer));
        String why = TestSidecar.json(answer).path("route").path("why").asText();
        assertTrue(why.contains("gives at most 1000 tokens of output, not 5000"), why);
        assertEquals("anthropic 1", servedBy(generate(first.formatted(9000), "hello")));
        assertEquals(
                "anthropic 1",
                servedBy(
                        generate(
                                "\"model\":\"anthropic/claude-sonnet-5-5\","
                                        + "\"output\":{\"max_tokens\":5000}",
                                "hello")));
    }
}

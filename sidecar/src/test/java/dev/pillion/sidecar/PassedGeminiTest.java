package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.SeenRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of the Gemini API that go through to Gemini as they are, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PassedGeminiTest {
    private static final String LONG =
            "a rather long question, so that the answer has many words to be broken off in";

    private static final String MODEL = "first-gemini";

    /** A model of Gemini's first, and Anthropic's behind it. */
    private static final String ALIAS =
            TestSidecar.FOUR
                    + """
                    aliases:
                      first-gemini: [gemini/gemini-3.8-flash, anthropic/claude-sonnet-5-5]
                    """;

    private static final String BODY =
            """
            { "generationConfig" : {"maxOutputTokens": 640, "temperature":1.0},
              "contents":[{"role":"user","parts":[{"text":"%s \\u00e9\\/"}]}] }
            """
                    .formatted(LONG);

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(ALIAS);
    }

    @AfterEach
    void mend() {
        bed.anthropic.faults().clear();
        bed.gemini.faults().clear();
        bed.sidecar.health().forget();
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    private SeenRequest seen() {
        return Objects.requireNonNull(bed.gemini.log().last());
    }

    private HttpResponse<String> ask(String model, String method, String... headers)
            throws Exception {
        return bed.post("/v1beta/models/" + model + ":" + method, BODY, headers);
    }

    /** The chunks of a stream, in either form. */
    private static List<JsonNode> chunks(HttpResponse<String> answer) throws Exception {
        List<JsonNode> chunks = new ArrayList<>();
        if (answer.body().startsWith("[")) {
            Json.read(answer.body()).forEach(chunks::add);
            return chunks;
        }
        for (String line : answer.body().lines().toList()) {
            if (line.startsWith("data: ")) {
                chunks.add(Json.read(line.substring(6)));
            }
        }
        return chunks;
    }

    @ParameterizedTest
    @CsvSource({
        "v1,generateContent,generateContent",
        "v1beta,generateContent?key=canary,generateContent",
        "v1alpha,streamGenerateContent?alt=sse&key=canary,streamGenerateContent",
        "v1beta,streamGenerateContent,streamGenerateContent",
        "v1beta,countTokens,countTokens"
    })
    @DisplayName("F49: body, version and query reach the vendor as they came, and no credential")
    void aRequestReachesTheVendorAsItCame(String version, String method, String sent)
            throws Exception {
        String path = "/" + version + "/models/gemini-3.8-flash:";
        String body = sent.equals("countTokens") ? BODY.replaceAll("\"gen.*},", "") : BODY;
        HttpResponse<String> answer =
                bed.post(path + method, body, "x-goog-api-key", "canary", "x-server-timeout", "17");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("gemini", answer.headers().firstValue("x-pillion-provider").orElse(""));
        assertEquals(body, seen().body());
        assertEquals(path + sent, seen().path());
        assertEquals("17", seen().header("x-server-timeout"));
        assertEquals(method.contains("alt=sse") ? "alt=sse" : "", seen().query());
        assertNotEquals("canary", seen().header("x-goog-api-key"));
    }

    @Test
    void neverMeansThatTheBodyIsWrittenAnew() throws Exception {
        HttpResponse<String> answer =
                ask(MODEL, "generateContent", "x-pillion-passthrough", "never");
        assertEquals(200, answer.statusCode(), answer.body());
        assertNotEquals(BODY, seen().body());
    }

    @Test
    @DisplayName("F28 F29: a signed call comes back to the vendor as it was, streamed and not")
    void aSignedCallComesBackAsItWas() throws Exception {
        String tool =
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"call get_weather for the"
                        + " city of Oslo\"}]}%s],\"tools\":[{\"functionDeclarations\":[{\"name\":"
                        + "\"get_weather\",\"parameters\":{\"type\":\"OBJECT\",\"properties\":"
                        + "{\"city\":{\"type\":\"STRING\"}}}}]}]}";
        String path = "/v1beta/models/" + MODEL + ":";
        for (String method : List.of("generateContent", "streamGenerateContent?alt=sse")) {
            HttpResponse<String> first = bed.post(path + method, tool.formatted(""));
            var said = new StringBuilder();
            String id = "";
            List<JsonNode> all =
                    method.equals("generateContent")
                            ? List.of(TestSidecar.json(first))
                            : chunks(first);
            for (JsonNode chunk : all) {
                JsonNode content = chunk.at("/candidates/0/content");
                said.append(content.isObject() ? "," + content : "");
                id += content.findPath("functionCall").path("id").asText();
            }
            assertTrue(said.indexOf("thoughtSignature") > 0, first.body());
            String result =
                    ",{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"id\":\""
                            + id
                            + "\",\"name\":\"get_weather\",\"response\":{\"output\":\"4\"}}}]}";
            String body = tool.formatted(said + result);
            HttpResponse<String> second = bed.post(path + method, body);
            assertEquals(200, second.statusCode(), second.body());
            assertEquals(body, seen().body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"streamGenerateContent?alt=sse", "streamGenerateContent"})
    @DisplayName("F13 F14: an error before content goes to another vendor, by translation")
    void anErrorBeforeContentGoesElsewhere(String method) throws Exception {
        bed.gemini.faults().always(new Misbehaviour.ErrorEvent(0, 503));
        HttpResponse<String> answer = ask(MODEL, method);
        assertEquals("anthropic", answer.headers().firstValue("x-pillion-provider").orElse(""));
        List<JsonNode> chunks = chunks(answer);
        assertEquals("STOP", chunks.getLast().at("/candidates/0/finishReason").asText());
        assertFalse(answer.body().contains("error"), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"streamGenerateContent?alt=sse", "streamGenerateContent"})
    @DisplayName("F12 F14: a stream that breaks after content ends in exactly one error")
    void aStreamThatBreaksEndsInOneError(String method) throws Exception {
        for (Misbehaviour what :
                List.of(
                        new Misbehaviour.ErrorEvent(4, 503),
                        new Misbehaviour.Break(4, Misbehaviour.How.CLOSE),
                        new Misbehaviour.Break(4, Misbehaviour.How.END))) {
            bed.gemini.faults().always(what);
            List<JsonNode> chunks = chunks(ask(MODEL, method));
            assertTrue(chunks.size() > 1, what.toString());
            assertEquals(1, chunks.stream().filter(chunk -> chunk.has("error")).count());
            assertTrue(chunks.getLast().at("/error/code").asInt() >= 400, chunks.toString());
            assertNull(
                    chunks.stream()
                            .map(c -> c.findValue("finishReason"))
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"generateContent", "streamGenerateContent?alt=sse", "streamGenerateContent"})
    @DisplayName("F11: an answer that its bound cut is told as cut, and its usage is known")
    void anAnswerThatItsBoundCutIsToldAsCut(String method) throws Exception {
        String body = BODY.replace("640", "3");
        HttpResponse<String> answer = bed.post("/v1beta/models/" + MODEL + ":" + method, body);
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("MAX_TOKENS"), answer.body());
        assertFalse(answer.body().contains("STOP"), answer.body());
    }
}

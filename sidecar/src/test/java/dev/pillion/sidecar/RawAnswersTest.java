package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found in answers of the vendors' own paths, and how they are framed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawAnswersTest {
    private static final String MORE =
            """
              house: {speaks: openai, base_url: "RAW/v1", keys: [{id: h1, value: canary-key-h1}]}
              claude: {speaks: anthropic, base_url: "RAW", keys: [{id: c1, value: canary-c1}]}
              google: {speaks: gemini, base_url: "RAW",
                keys: [{id: g1, value: canary-g1, account: one}, {id: g2, value: canary-g2, account: two},
                       {id: g3, value: canary-g3, account: one}]}
            """;

    private RawVendor house;
    private TestSidecar bed;
    private HttpClient http;

    @BeforeAll
    void start() throws Exception {
        house = new RawVendor();
        bed = TestSidecar.start(TestSidecar.FOUR + MORE.replace("RAW", house.origin()));
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    void stop() throws Exception {
        http.close();
        bed.close();
        house.close();
        assertFalse(bed.log().contains("canary"), "a key or a word stands in the log");
        assertEquals(List.of(), bed.diagnostics);
    }

    private HttpResponse<String> call(String method, String path, String body, String... fields)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(bed.uri(path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("content-type", "application/json");
        if (fields.length > 0) {
            request.headers(fields);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode logged(HttpResponse<?> answer) throws Exception {
        String id = answer.headers().firstValue("x-pillion-request-id").orElseThrow();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < until) {
            for (String line : bed.log().split("\n", -1)) {
                if (line.contains(id)) {
                    return Json.read(line);
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no log line of " + id);
    }

    private void answers(String type, String body) {
        house.script((_, out) -> RawVendor.send(out, RawVendor.ok(body, "content-type: " + type)));
    }

    @ParameterizedTest
    @CsvSource({
        "/openai/v1/responses, gpt-5.4-mini, false",
        "/openai/v1/responses, gpt-5.4-mini, true",
        "/openai/v1/chat/completions, gpt-5.4-mini, false",
        "/xai/v1/chat/completions, grok-4.5, false",
        "/xai/v1/chat/completions, grok-4.5, true",
        "/xai/v1/responses, grok-4.5, true",
        "/anthropic/v1/messages, claude-haiku-4-5, true",
        "/gemini/v1beta/models/gemini-2.5-flash:generateContent, '', false",
        "/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse, '', true",
        "/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent, '', true",
    })
    void everyVendorsAnswersTellWhatTheyUsed(String path, String model, boolean stream)
            throws Exception {
        String said =
                model.isEmpty()
                        ? "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]"
                        : (path.endsWith("responses")
                                        ? "\"input\":\"hi\""
                                        : "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]")
                                + ",\"model\":\""
                                + model
                                + "\""
                                + (path.contains("messages") ? ",\"max_tokens\":64" : "")
                                + (stream ? ",\"stream\":true" : "")
                                + (stream && path.contains("chat")
                                        ? ",\"stream_options\":{\"include_usage\":true}"
                                        : "");
        HttpResponse<String> answer =
                call("POST", path, "{" + said + "}", "anthropic-version", "2023-06-01");
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode line = logged(answer);
        assertTrue(line.path("input_tokens").asLong() > 0, line.toString());
        assertTrue(line.path("output_tokens").asLong() > 0, line.toString());
        assertFalse(line.path("cost_usd").isNull(), line.toString());
        assertEquals(stream, line.path("stream").asBoolean(), line.toString());
    }

    @Test
    @DisplayName("F38: what has usage and no price costs nobody knows what, and never nothing")
    void anUnknownModelHasUsageAndNoPrice() throws Exception {
        answers("application/json", "{\"usage\":{\"input_tokens\":7,\"output_tokens\":9}}");
        JsonNode line = logged(call("POST", "/house/images/generations", "{\"model\":\"pict-1\"}"));
        assertEquals(7, line.path("input_tokens").asLong());
        assertEquals(9, line.path("output_tokens").asLong());
        assertEquals("pict-1", line.path("model").asText());
        assertTrue(line.path("cost_usd").isNull(), line.toString());
    }

    @Test
    void usageIsFoundBehindAPictureOfManyMegabytes() throws Exception {
        String picture = "QUJD".repeat(3 << 20);
        answers(
                "application/json",
                "{\"data\":[{\"b64_json\":\""
                        + picture
                        + "\"}],\"vectors\":["
                        + "0.25,".repeat(1 << 20)
                        + "1],\"usage\":{\"input_tokens\":5,\"output_tokens\":4160}}");
        HttpResponse<String> answer = call("POST", "/house/images/generations", "{}");
        assertEquals(
                Integer.toString(answer.body().length()),
                answer.headers().firstValue("content-length").orElse(""));
        assertEquals(4160, logged(answer).path("output_tokens").asLong());
    }

    @Test
    void eventsTellUsageHoweverTheirLinesEnd() throws Exception {
        String events =
                """
                event: a
                data: {"type":"image.partial"}

                : usage
                data:{"type":"image.completed",
                data:"usage":{"input_tokens":3,"output_tokens":2}}
                """;
        answers("text/event-stream", events.replace("\n", "\r\n"));
        HttpResponse<String> answer = call("POST", "/house/images/generations", "{}");
        assertEquals(2, logged(answer).path("output_tokens").asLong());
    }

    @ParameterizedTest
    @CsvSource({"GET, /house/responses/r1", "POST, /house/responses/r1/cancel"})
    void whatIsOnlyReadIsNotBilledAgain(String method, String path) throws Exception {
        answers("application/json", "{\"usage\":{\"input_tokens\":7,\"output_tokens\":9}}");
        JsonNode line = logged(call(method, path, ""));
        assertEquals(0, line.path("output_tokens").asLong(), line.toString());
        assertTrue(line.path("cost_usd").isNull(), line.toString());
    }

    @Test
    void aRangeAndItsConditionsAreTheVendorsToAnswer() throws Exception {
        house.script((r, out) ->
                RawVendor.send(
                        out,
                        "HTTP/1.1 206 Partial Content\r\n"
                                + RawVendor.rest(
                                        r.header("range") + r.header("if-range"),
                                        "content-range: bytes 0-3/9",
                                        "etag: \"e\"")));
        HttpResponse<String> answer =
                call(
                        "GET",
                        "/house/files/f/content",
                        "",
                        "range",
                        "bytes=0-3",
                        "if-range",
                        "\"e\"");
        assertEquals(206, answer.statusCode());
        assertEquals("bytes=0-3\"e\"", answer.body());
        assertEquals("bytes 0-3/9", answer.headers().firstValue("content-range").orElse(""));
        assertEquals("12", answer.headers().firstValue("content-length").orElse(""));
    }

    @Test
    void anUploadGoesOnThroughPillionWhereItsSessionBegan() throws Exception {
        house.script((_, out) -> session(out));
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            HttpResponse<String> answer =
                    call(
                            "POST",
                            "/google/upload/v1beta/files?uploadType=resumable",
                            "{}",
                            "x-goog-upload-command",
                            "start");
            assertEquals(
                    bed.uri("/google/upload/v1beta/files?upload_id=u1").toString(),
                    answer.headers().firstValue("x-goog-upload-url").orElse(""));
            assertEquals(
                    "https://elsewhere.example/x",
                    answer.headers().firstValue("location").orElse(""));
            keys.add(house.requests.getLast().header("x-goog-api-key"));
        }
        assertEquals(Set.of("canary-g1", "canary-g3"), keys, "the account did not stay the same");
    }

    @ParameterizedTest
    @CsvSource({
        "/claude/v1/messages/batches/b1, true",
        "/claude/v1/messages/batches/b1/results, false"
    })
    void aBatchesResultsAreFoundThroughPillion(String path, boolean ledBack) throws Exception {
        String url = "/v1/messages/batches/b1/results";
        String body = "{\"x\":\"http://127.0.0.1\",\"results_url\":\"%s" + url + "\"}";
        house.script((_, out) -> {
            String answer = RawVendor.ok(body.formatted(house.origin()));
            int cut = answer.length() - url.length() - 8;
            RawVendor.send(out, answer.substring(0, cut));
            RawVendor.send(out, answer.substring(cut));
        });
        HttpResponse<String> answer = call("GET", path, "");
        String ours = bed.uri("/claude").toString();
        assertEquals(body.formatted(ledBack ? ours : house.origin()), answer.body());
    }

    private void session(OutputStream out) throws Exception {
        RawVendor.send(
                out,
                RawVendor.ok(
                        "",
                        "x-goog-upload-url: "
                                + house.origin()
                                + "/upload/v1beta/files?upload_id=u1",
                        "location: https://elsewhere.example/x"));
    }
}

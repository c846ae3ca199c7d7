package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vendors' own paths, over real sockets, to the simulated vendors and one made by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawPathsTest {
    private static final String MORE =
            """
              house: {speaks: openai, base_url: "RAW/v1",
                keys: [{id: h1, value: canary-key-h1, weight: 1}, {id: h2, value: canary-key-h2}],
                timeouts: {connect: 2s, first_byte_unstreamed: 5s, idle: 5s}}
              away: {speaks: openai, base_url: "http://127.0.0.1:1", keys: [{id: w1, value: canary-w}]}
            """;
    private static final String SAY =
            "{\"%s\":64,\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private RawVendor house;
    private TestSidecar bed;
    private HttpClient http;

    @BeforeAll
    void start() throws Exception {
        house = new RawVendor();
        bed = TestSidecar.start(TestSidecar.FOUR + MORE.replace("RAW", house.origin()));
        http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    @AfterAll
    void stop() throws Exception {
        http.close();
        bed.close();
        house.close();
        assertFalse(bed.log().contains("canary"), "a key stands in the log");
        assertTrue(bed.log().contains("\"surface\":\"raw\""), bed.log());
        assertEquals(List.of(), bed.diagnostics);
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(bed.uri(path)).timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = to(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return text(request.build());
    }

    private HttpResponse<String> text(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
        return text(to(path).method(method, BodyPublishers.ofString(body)).build());
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

    @ParameterizedTest
    @CsvSource({
        "/openai/v1/chat/completions, max_completion_tokens, gpt-5.4-mini",
        "/anthropic/v1/messages, max_tokens, claude-haiku-4-5",
    })
    void aVendorsOwnPathIsAnsweredByTheVendorAndPriced(String path, String bound, String model)
            throws Exception {
        HttpResponse<String> answer =
                bed.post(path, SAY.formatted(bound, model), "anthropic-version", "2023-06-01");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("1", answer.headers().firstValue("x-pillion-attempts").orElse(""));
        JsonNode line = logged(answer);
        assertEquals("raw", line.path("surface").asText());
        assertEquals("ok", line.path("outcome").asText(), line.toString());
        assertTrue(line.path("output_tokens").asLong() > 0, line.toString());
        assertFalse(line.path("cost_usd").isNull(), line.toString());
    }

    @Test
    void aStreamIsPassedEventForEventAndItsUsageFound() throws Exception {
        String body =
                "{\"stream\":true," + SAY.formatted("max_tokens", "claude-haiku-4-5").substring(1);
        HttpResponse<String> answer =
                bed.post("/anthropic/v1/messages", body, "anthropic-version", "2023-06-01");
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("event: message_stop"), answer.body());
        JsonNode line = logged(answer);
        assertTrue(line.path("output_tokens").asLong() > 0, line.toString());
        assertTrue(line.path("stream").asBoolean(), line.toString());
    }

    @Test
    void aStoredResponseIsReadAndDeletedWithOurKey() throws Exception {
        HttpResponse<String> made =
                bed.post(
                        "/openai/v1/responses",
                        "{\"model\":\"gpt-5.4-mini\",\"input\":\"hi\",\"store\":true}");
        assertEquals(200, made.statusCode(), made.body());
        String path = "/openai/v1/responses/" + TestSidecar.json(made).path("id").asText();
        assertEquals(200, get(path).statusCode());
        assertEquals(200, call("DELETE", path, "").statusCode());
        HttpResponse<String> gone = get(path);
        assertEquals(404, gone.statusCode(), gone.body());
        assertEquals("not_found", logged(gone).path("outcome").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openai/v1/models", "/gemini/v1beta/models", "/xai/v1/models"})
    void listsComeFromTheVendorAndCostNobodyKnowsWhat(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(logged(answer).path("cost_usd").isNull(), logged(answer).toString());
    }

    @Test
    void vectorsAreCounted() throws Exception {
        HttpResponse<String> answer =
                bed.post(
                        "/openai/v1/embeddings",
                        "{\"model\":\"text-embedding-3-small\",\"input\":[\"a b c\"]}");
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode line = logged(answer);
        assertTrue(line.path("input_tokens").asLong() > 0, line.toString());
        assertFalse(line.path("cost_usd").isNull(), line.toString());
    }

    @Test
    void theCallersCredentialsStayHereAndEverythingElseGoes() throws Exception {
        house.script((_, out) ->
                RawVendor.send(
                        out,
                        RawVendor.ok(
                                "ok",
                                "x-request-id: r1",
                                "x-ratelimit-remaining: 7",
                                "x-pillion-key-id: forged")));
        HttpResponse<String> answer =
                get(
                        "/house/files?limit=2&key=canary-q&k%65y=canary-p&after=%2Fx&access_token=canary-t",
                        "authorization",
                        "Bearer canary-a",
                        "x-api-key",
                        "canary-b",
                        "x-goog-api-key",
                        "canary-c",
                        "cookie",
                        "s=canary-d",
                        "openai-beta",
                        "assistants=v2",
                        "idempotency-key",
                        "i-1",
                        "x-pillion-tags",
                        "team=green");
        assertEquals(200, answer.statusCode(), answer.body());
        RawVendor.Request seen = house.requests.getFirst();
        assertEquals("GET /v1/files?limit=2&after=%2Fx HTTP/1.1", seen.line());
        assertEquals("assistants=v2", seen.header("openai-beta"));
        assertEquals("i-1", seen.header("idempotency-key"));
        assertTrue(seen.header("authorization").startsWith("Bearer canary-key-h"));
        String all = String.join("\n", seen.fields()).replaceAll("canary-key-h[12]", "");
        assertFalse(all.contains("canary"), all);
        assertFalse(all.contains("x-pillion") || all.contains("green"), all);
        assertEquals("r1", answer.headers().firstValue("x-request-id").orElse(""));
        assertEquals("7", answer.headers().firstValue("x-ratelimit-remaining").orElse(""));
        assertTrue(answer.headers().firstValue("x-pillion-key-id").orElse("").startsWith("h"));
        assertEquals(1, answer.headers().allValues("x-pillion-key-id").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void everyMethodGoesWithItsBody(String method) throws Exception {
        house.script((r, out) -> RawVendor.send(out, RawVendor.ok(r.line() + "|" + r.body())));
        String body = method.equals("GET") || method.equals("DELETE") ? "" : "--b\r\n\0binary";
        HttpResponse<String> answer = call(method, "/house/x", body);
        assertEquals(method + " /v1/x HTTP/1.1|" + body, answer.body());
    }

    @Test
    void headIsAnsweredByAHeadAlone() throws Exception {
        house.script((_, out) ->
                RawVendor.send(
                        out, "HTTP/1.1 200 OK\r\ncontent-length: 99\r\netag: \"e\"\r\n\r\n"));
        HttpResponse<String> answer =
                text(to("/house/x").method("HEAD", BodyPublishers.noBody()).build());
        assertEquals(200, answer.statusCode());
        assertEquals("", answer.body());
        assertEquals("\"e\"", answer.headers().firstValue("etag").orElse(""));
        assertEquals("99", answer.headers().firstValue("content-length").orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "204 No Content, ''",
        "304 Not Modified, ''",
        "302 Found, moved",
        "409 Conflict, taken",
        "418 Teapot, short",
        "500 Broken, own words",
    })
    void statusesComeBackAsTheVendorSentThem(String status, String body) throws Exception {
        String length = body.isEmpty() ? "" : "content-length: " + body.length() + "\r\n";
        house.script((_, out) ->
                RawVendor.send(
                        out,
                        "HTTP/1.1 "
                                + status
                                + "\r\nlocation: http://elsewhere/x\r\n"
                                + length
                                + "\r\n"
                                + body));
        HttpResponse<String> answer = call("POST", "/house/x", "{}");
        assertEquals(Integer.parseInt(status.substring(0, 3)), answer.statusCode());
        assertEquals(body, answer.body());
        assertEquals("http://elsewhere/x", answer.headers().firstValue("location").orElse(""));
        assertEquals(1, house.requests.size(), "the redirect or the error was not left alone");
    }

    @Test
    @DisplayName("F6: 10 MB of any bytes go up and come back")
    void largeBinaryBodiesPassInBothDirections() throws Exception {
        byte[] big = new byte[10 << 20];
        new Random(1).nextBytes(big);
        house.script((r, out) -> {
            byte[] back = r.body().getBytes(StandardCharsets.ISO_8859_1);
            RawVendor.send(out, head("content-type: audio/mpeg", "transfer-encoding: chunked"));
            for (int at = 0; at < back.length; at += 100_000) {
                int count = Math.min(100_000, back.length - at);
                RawVendor.send(out, Integer.toHexString(count) + "\r\n");
                out.write(back, at, count);
                RawVendor.send(out, "\r\n");
            }
            RawVendor.send(out, "0\r\n\r\n");
        });
        HttpResponse<byte[]> answer =
                http.send(
                        to("/house/audio/speech")
                                .header("content-type", "multipart/form-data; boundary=b")
                                .POST(BodyPublishers.ofByteArray(big))
                                .build(),
                        BodyHandlers.ofByteArray());
        assertEquals("audio/mpeg", answer.headers().firstValue("content-type").orElse(""));
        assertArrayEquals(big, answer.body());
        RawVendor.Request seen = house.requests.getFirst();
        assertEquals("multipart/form-data; boundary=b", seen.header("content-type"));
    }

    @Test
    void whatTheVendorSaysArrivesBeforeItSaysMore() throws Exception {
        var more = new CountDownLatch(1);
        house.script((_, out) -> {
            RawVendor.send(out, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfirst");
            assertTrue(more.await(20, TimeUnit.SECONDS));
            RawVendor.send(out, "later");
        });
        HttpResponse<InputStream> answer =
                http.send(to("/house/slow").build(), BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            assertEquals("first", new String(body.readNBytes(5), StandardCharsets.US_ASCII));
            more.countDown();
            assertEquals("later", new String(body.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void anAnswerThatIsCutIsSeenToBeCut() throws Exception {
        house.script((_, out) -> {
            RawVendor.send(out, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
            out.close();
        });
        assertThrows(IOException.class, () -> get("/house/cut"));
        assertEquals(1, house.requests.size());
    }

    @Test
    void aSlowClientSlowsTheVendor() throws Exception {
        var sent = new AtomicLong();
        byte[] piece = new byte[64 << 10];
        long all = 256L << 20;
        var ended = new CountDownLatch(1);
        house.script((_, out) -> {
            try {
                RawVendor.send(out, "HTTP/1.1 200 OK\r\ncontent-length: " + all + "\r\n\r\n");
                while (sent.get() < all) {
                    out.write(piece);
                    sent.addAndGet(piece.length);
                }
            } finally {
                ended.countDown();
            }
        });
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bed.uri("/").getPort())) {
            write(socket, "GET /house/big HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
            socket.getInputStream().readNBytes(1000);
            long before = -1;
            while (before != sent.get()) { // until it stands still, which it must before the end
                before = sent.get();
                assertFalse(ended.await(300, TimeUnit.MILLISECONDS), "sent " + sent.get());
            }
            assertTrue(sent.get() < 64L << 20, "went on to " + sent.get());
        }
        assertTrue(ended.await(20, TimeUnit.SECONDS), "not cancelled when the client had gone");
        assertTrue(sent.get() < all);
    }

    @Test
    void anotherKeyServesWhereOneIsRefused() throws Exception {
        var refused = new AtomicInteger();
        house.script((r, out) -> {
            boolean first = r.header("authorization").endsWith("h1");
            refused.addAndGet(first ? 1 : 0);
            RawVendor.send(
                    out,
                    first
                            ? "HTTP/1.1 401 Unauthorized\r\n"
                                    + RawVendor.rest(
                                            "{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"bad\"}}")
                            : RawVendor.ok("done"));
        });
        for (int i = 0; i < 8; i++) {
            HttpResponse<String> answer = call("POST", "/house/images", "{}");
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals("h2", answer.headers().firstValue("x-pillion-key-id").orElse(""));
        }
        assertEquals(8 + refused.get(), house.requests.size());
    }

    @Test
    void aKeyThatTheVendorRefusesIsNoFaultOfTheCaller() throws Exception {
        house.script((_, out) ->
                RawVendor.send(
                        out,
                        "HTTP/1.1 401 Unauthorized\r\n"
                                + RawVendor.rest(
                                        "{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"canary\"}}")));
        HttpResponse<String> answer = call("POST", "/house/images", "{}");
        assertEquals(503, answer.statusCode(), answer.body());
        assertEquals(2, house.requests.size());
    }

    @ParameterizedTest
    @CsvSource({"GET, 2, 200", "PUT, 2, 200", "DELETE, 2, 200", "POST, 1, 503", "PATCH, 1, 503"})
    void onlyWhatMayBeDoneTwiceIsSentAgainAfterItWasLost(String method, int times, int status)
            throws Exception {
        var seen = new AtomicInteger();
        house.script((_, out) -> {
            if (seen.incrementAndGet() == 1) {
                out.close();
            } else {
                RawVendor.send(out, RawVendor.ok("ok"));
            }
        });
        HttpResponse<String> answer = call(method, "/house/batches", "");
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(times, house.requests.size());
    }

    @ParameterizedTest
    @CsvSource({"GET, 2, 200", "POST, 1, 503"})
    void anErrorOfTheVendorIsAskedAgainOnlyWhereThatIsSafe(String method, int times, int status)
            throws Exception {
        var seen = new AtomicInteger();
        house.script((_, out) ->
                RawVendor.send(
                        out,
                        seen.incrementAndGet() == 1
                                ? "HTTP/1.1 503 Busy\r\n" + RawVendor.rest("{}")
                                : RawVendor.ok("ok")));
        HttpResponse<String> answer = call(method, "/house/batches", "");
        assertEquals(status, answer.statusCode());
        assertEquals(times, house.requests.size());
    }

    @Test
    void failoverOffMeansOneKey() throws Exception {
        house.script((_, out) ->
                RawVendor.send(
                        out,
                        "HTTP/1.1 429 Slow\r\n"
                                + RawVendor.rest(
                                        "{\"error\":{\"message\":\"slow down\"}}",
                                        "retry-after: 9")));
        HttpResponse<String> answer = get("/house/files", "x-pillion-failover", "off");
        assertEquals(429, answer.statusCode());
        assertEquals("9", answer.headers().firstValue("retry-after").orElse(""));
        assertEquals(1, house.requests.size());
    }

    @Test
    void aVendorThatIsNotThereIsUnavailable() throws Exception {
        HttpResponse<String> answer = call("POST", "/away/files", "{}");
        assertEquals(503, answer.statusCode(), answer.body());
        assertEquals("away", logged(answer).path("provider").asText());
    }

    @Test
    void theDeadlineEndsACallWithoutAnAnswer() throws Exception {
        var end = new Semaphore(0);
        house.script((_, _) -> end.acquire());
        HttpResponse<String> answer = get("/house/files", "x-pillion-deadline-ms", "200");
        assertEquals(504, answer.statusCode(), answer.body());
        end.release(10);
    }

    private static String head(String... fields) {
        return "HTTP/1.1 200 OK\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}

package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused on the vendors' own paths, before any vendor hears of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawRefusalsTest {
    private static final String MORE =
            """
              house: {speaks: openai, base_url: "RAW/v1", keys: [{id: h1, value: canary-key-h}]}
            callers:
              default: {}
              narrow: {allow: {providers: [anthropic]}}
              bound: {allow: {classes: [fast]}}
            """;

    private RawVendor house;
    private TestSidecar bed;
    private HttpClient http;

    @BeforeAll
    void start() throws Exception {
        house = new RawVendor();
        bed = TestSidecar.start(TestSidecar.CONFIG + MORE.replace("RAW", house.origin()));
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterEach
    void noVendorHeardOfIt() {
        assertEquals(0, house.requests.size());
        assertEquals(0, bed.anthropic.log().requests().size());
    }

    @AfterAll
    void stop() throws Exception {
        http.close();
        bed.close();
        house.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(bed.uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void aProviderThatNobodyKnowsIsNotFoundWithTheNearest() throws Exception {
        HttpResponse<String> answer = get("/opnai/v1/files");
        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("openai"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({"narrow, /openai/v1/files", "bound, /anthropic/v1/files"})
    void aCallerUsesOnlyWhatItMay(String caller, String path) throws Exception {
        HttpResponse<String> answer = get(path, "x-pillion-caller", caller);
        assertEquals(403, answer.statusCode(), answer.body());
    }

    @ParameterizedTest
    @DisplayName("F54: paths that some server may read otherwise are refused")
    @ValueSource(
            strings = {
                "/house/../admin",
                "/house/%2e%2e/admin",
                "/house/.%2E/admin",
                "/house//evil.example/x",
                "//house/x",
                "/house/files%2f..%2fadmin",
                "/house/files%2Fx",
                "/house/a%0d%0ax-evil:1",
                "/house/a%00",
                "/house/a\\b",
                "/house/%zz",
            })
    void pathTricksAreRefused(String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bed.uri("/").getPort())) {
            String request =
                    "GET " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
            boolean named = path.startsWith("/house/");
            assertEquals(named, answer.contains("\"type\":\"invalid_request_error\""), answer);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS, /house/files, 405, invalid_request_error",
        "GET, /v1/messages, 405, not_found_error",
        "GET, /v1/files, 404, not_found",
    })
    void whatIsNotServedIsLoggedAndNotToBeRetried(
            String method, String path, int status, String type) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(bed.uri(path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(type), answer.body());
        assertEquals("false", answer.headers().firstValue("x-should-retry").orElse(""));
        assertEquals(status == 405, answer.headers().firstValue("allow").isPresent());
        String id = answer.headers().firstValue("x-pillion-request-id").orElseThrow();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!bed.log().contains(id)) {
            assertTrue(System.nanoTime() < until, "no log line");
            Thread.onSpinWait();
        }
    }

    @Test
    void aWebSocketIsRefusedByName() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bed.uri("/").getPort())) {
            String request =
                    """
                    GET /house/realtime HTTP/1.1
                    host: localhost
                    connection: upgrade, close
                    upgrade: websocket

                    """
                            .replace("\n", "\r\n");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
            assertTrue(answer.contains("web sockets are not served"), answer);
        }
    }

    @Test
    void aCeilingThatNobodyCanKeepIsRefused() throws Exception {
        HttpResponse<String> answer = get("/house/files", "x-pillion-max-cost-usd", "0.1");
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("x-pillion-max-cost-usd"), answer.body());
    }
}

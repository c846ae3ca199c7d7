package dev.pillion.sidecar.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F54: what two servers might understand in two ways is refused, never guessed at. */
class HostileRequestTest {
    private static EdgeFixture edge;

    @BeforeAll
    static void start() throws IOException {
        edge = EdgeFixture.start(EdgeFixture.ECHO);
    }

    @AfterAll
    static void stop() {
        edge.settles();
        edge.close();
    }

    private static String post(String headers, String body) {
        return "POST / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n" + body;
    }

    static Stream<String> malformed() {
        return Stream.of(
                post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
                post("Content-Length: 3\r\nContent-Length: 4", "abcd"),
                post("Content-Length: 3\r\nContent-Length: 3", "abc"),
                post("Content-Length: 3, 3", "abc"),
                post("Content-Length: +3", "abc"),
                post("Content-Length: -3", "abc"),
                post("Content-Length: 0x3", "abc"),
                post("Content-Length: 3 ;", "abc"),
                post("Content-Length:", "abc"),
                post("Content-Length: 9999999999999999999999", "abc"),
                post("Content-Length : 3", "abc"),
                post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
                post("Transfer-Encoding: xchunked", "0\r\n\r\n"),
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
                post("Transfer-Encoding: \u000bchunked", "0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "zz\r\n"),
                post("Transfer-Encoding: chunked", "-5\r\nhello\r\n0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "5 \r\nhello\r\n0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "5\nhello\r\n0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "5\r\nhelloXX0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "\r\n5\r\nhello\r\n0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "1111111111111111\r\nhello\r\n0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "0\r\n : x\r\n\r\n"),
                post("Transfer-Encoding: chunked", "0\r\nno colon\r\n\r\n"),
                post("Transfer-Encoding: chunked", "0\r\nx: a\nb\r\n\r\n"),
                post("Transfer-Encoding: chunked", "5;\r\nhello\r\n0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "5;a=\r\nhello\r\n0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n"),
                post("Transfer-Encoding: chunked", "5;a\nhello\r\n0\r\n\r\n"),
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                post("X: a\r\n folded: b", ""),
                post("X: a\r\n\tfolded", ""),
                post(" leading: b", ""),
                post("no colon here", ""),
                post(": no name", ""),
                post("na me: x", ""),
                post("n\u00e4me: x", ""),
                post("x: a\u0000b", ""),
                post("x: a\rb", ""),
                post("x: a\u007fb", ""),
                post("x: a\nContent-Length: 3", "abc"),
                post("Host: localhost", ""),
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\nHost: localhost\n\n",
                "GET /\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET\t/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "AMETHODMUCHTOOLONGFORANYONE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.x\r\nHost: localhost\r\n\r\n",
                "GET / HTTP1.1\r\nHost: localhost\r\n\r\n",
                "GET / JTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    @DisplayName("F54 a malformed or ambiguous request gets 400 and the connection is closed")
    void malformedRequests(String request) throws IOException {
        try (RawClient client = edge.connect()) {
            RawClient.Answer answer = client.send(request).answer();
            int expected = request.contains("HTTP/1.x") ? 505 : 400;
            assertEquals(expected, answer.status(), answer::text);
            assertEquals("close", answer.headers().get("connection"));
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/v1/generate",
                "//evil/v1",
                "*",
                "localhost:80",
                "/v1/../admin",
                "/v1/..",
                "/./v1",
                "/v1/%2e%2e/admin",
                "/v1/.%2E/admin",
                "/v1/..;x=1/admin",
                "/v1/..%2fadmin",
                "/v1/models/..%2f..%2fadmin",
                "/v1/models/a%2f..%2fb",
                "/v1/models/a%2F%2e%2e",
                "/v1%2fgenerate",
                "/v1/a\\b",
                "/v1/a%5cb",
                "/v1/a%00",
                "/v1/a%0d%0aX:y",
                "/v1/a%zz",
                "/v1/a%2",
                "/v1/a%",
                "/v1/a#b",
                "/v1/\u00e4",
                "/v1/a\u0000b",
                "/v1/a?b=\u00e4",
                "/v1/a b"
            })
    @DisplayName("F54 a target that others may resolve in another way gets 400")
    void trickyTargets(String target) throws IOException {
        try (RawClient client = edge.connect()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals(400, client.answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/models/anthropic%2Fclaude-x",
                "/v1beta/models/gemini-2.5-pro:generateContent?alt=sse",
                "/v1/a..b/...",
                "/v1/files/a%20b?x=/../y%2f&q=%ZZ",
                "/openai/v1/~user/(x);p=1",
                "/v1/%E2%82%AC"
            })
    void plainTargetsAreTaken(String target) throws IOException {
        try (RawClient client = edge.connect()) {
            assertEquals(200, client.get(target).answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/3.0\r\nhost: a\r\n\r\n"})
    void otherVersionsAreRefusedAsSuch(String request) throws IOException {
        try (RawClient client = edge.connect()) {
            assertEquals(505, client.send(request).answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x: \u00e4\u00ff", "x:", "x: a\tb", "X!#$%&'*+-.^_`|~9: ok"})
    void unusualButValidHeadersAreTaken(String header) throws IOException {
        try (RawClient client = edge.connect()) {
            assertEquals(200, client.send(post(header, "")).answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"expect: 200-ok", "expect: something"})
    void unknownExpectationsGet417(String header) throws IOException {
        try (RawClient client = edge.connect()) {
            assertEquals(417, client.send(post(header, "")).answer().status());
        }
    }
}

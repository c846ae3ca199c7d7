package dev.pillion.sidecar.edge;

import static dev.pillion.sidecar.edge.RawClient.head;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Handler;
import dev.pillion.sidecar.exchange.Inbound;
import dev.pillion.sidecar.exchange.Responder;
import dev.pillion.sidecar.upstream.Loops;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests come in: whole, in pieces, too slow, too large. */
class RequestReadingTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final BlockingQueue<Inbound> seen = new LinkedBlockingQueue<>();
    private final Handler remembering =
            (request, responder) -> {
                seen.add(request);
                EdgeFixture.ECHO.handle(request, responder);
            };

    private Inbound next() throws InterruptedException {
        Inbound inbound = seen.poll(20, TimeUnit.SECONDS);
        assertNotNull(inbound);
        return inbound;
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aRequestComesWithAllItsParts() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(remembering);
                RawClient client = edge.connect()) {
            client.send(
                    head(
                            "POST /v1/generate?x=%20y&z HTTP/1.1",
                            "Host: localhost:4141",
                            "X-Odd-Name:\t v a l \t",
                            "Connection: Keep-Alive",
                            "Content-Length: 3"));
            client.send("abc");
            assertEquals("abc", client.answer().text());
            Inbound inbound = next();
            assertEquals("POST", inbound.method());
            assertEquals("/v1/generate", inbound.path());
            assertEquals("x=%20y&z", inbound.query());
            assertEquals("v a l", inbound.headers().get("x-odd-name"));
            assertEquals(26, inbound.id().length());
            assertNull(inbound.peer());
            assertTrue(inbound.busyNanos() > 0);
            assertTrue(inbound.completeNanos() - inbound.beganNanos() >= inbound.busyNanos());
        }
    }

    @Test
    void theKernelNamesTheCallerOnTheUnixSocket() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(remembering);
                RawClient client = RawClient.unix(edge.dataSocket())) {
            client.get("/x").answer();
            var peer = next().peer();
            assertNotNull(peer);
            assertEquals(ProcessHandle.current().pid(), peer.pid());
        }
    }

    @Test
    void requestsReadTheSameHoweverTheirBytesAreCut() throws Exception {
        String host = "host: localhost";
        String first = head("POST /a HTTP/1.1", host, "content-length: 5") + "hello\r\n";
        String second =
                head("POST /b HTTP/1.1", host, "transfer-encoding: chunked")
                        + head("5;ext=1", "hello", "06", " world", "0", "some: trailer");
        String third = head("GET /c HTTP/1.1", host);
        byte[] requests = (first + second + third).getBytes(StandardCharsets.ISO_8859_1);
        try (EdgeFixture edge = EdgeFixture.start(remembering)) {
            for (int seed = 0; seed < 60; seed++) {
                Random random = new Random(seed);
                try (RawClient client = edge.connect()) {
                    for (int from = 0; from < requests.length; ) {
                        int to = Math.min(requests.length, from + 1 + random.nextInt(40));
                        client.send(Arrays.copyOfRange(requests, from, to));
                        from = to;
                    }
                    assertEquals("hello", client.answer().text());
                    assertEquals("hello world", client.answer().text());
                    assertEquals("", client.answer().text());
                    assertEquals(
                            List.of("/a", "/b", "/c"),
                            List.of(next().path(), next().path(), next().path()));
                }
            }
            edge.settles();
        }
    }

    @Test
    @DisplayName("F6 a body of 10 MB comes and goes back whole, stated or chunked")
    void aLargeBodyIsEchoed() throws Exception {
        byte[] body = bytes(10_000_000);
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            assertArrayEquals(body, client.post("/x", body).answer().body());
            client.send("POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n");
            for (int from = 0; from < body.length; from += 100_000) {
                client.send(Integer.toHexString(100_000) + "\r\n");
                client.send(Arrays.copyOfRange(body, from, from + 100_000));
                client.send("\r\n");
            }
            client.send("0\r\n\r\n");
            assertArrayEquals(body, client.answer().body());
            client.leave();
            edge.settles();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stated", "chunked"})
    @DisplayName("F6 a body above the limit gets 413, and the connection stays usable")
    void aTooLargeBodyIsRefused(String framing) throws Exception {
        byte[] body = bytes(100_000);
        try (EdgeFixture edge =
                        EdgeFixture.start(
                                EdgeOptions.DEFAULTS.withMaxBodyBytes(50_000), EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            if (framing.equals("stated")) {
                client.post("/v1/messages", body);
            } else {
                client.send(
                        head(
                                "POST /v1/messages HTTP/1.1",
                                "host: localhost",
                                "transfer-encoding: chunked"));
                client.send(Integer.toHexString(body.length) + "\r\n").send(body);
                client.send("\r\n0\r\n\r\n");
            }
            RawClient.Answer answer = client.answer();
            assertEquals(413, answer.status());
            assertTrue(answer.text().contains("\"path\":\"/v1/messages\""), answer.text());
            assertNull(answer.headers().get("connection"));
            assertEquals(
                    "ok", client.post("/x", "ok".getBytes(StandardCharsets.UTF_8)).answer().text());
            client.leave();
            edge.settles();
        }
    }

    @Test
    void aBodyTooLargeEvenToReadAwayIsRefusedAtOnce() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            client.send(
                    "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertEquals(413, answer.status());
            assertEquals("close", answer.headers().get("connection"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void bodiesBeyondTheBudgetGet503WithRetryAfter() throws Exception {
        Handler never = (_, _) -> {};
        try (EdgeFixture edge =
                        EdgeFixture.start(Loops.open(1), EdgeOptions.DEFAULTS, 100_000, never);
                RawClient first = edge.connect();
                RawClient second = edge.connect()) {
            first.post("/x", bytes(80_000));
            EdgeFixture.eventually("one body held", () -> edge.budget.heldBytes() == 80_000);
            RawClient.Answer answer = second.post("/x", bytes(80_000)).answer();
            assertEquals(503, answer.status());
            assertEquals("1", answer.headers().get("retry-after"));
            first.leave();
            second.leave();
            edge.settles();
        }
    }

    @Test
    void aClientThatAsksIsToldToContinue() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            client.send(
                    head(
                            "POST / HTTP/1.1",
                            "host: localhost",
                            "content-length: 2",
                            "expect: 100-continue"));
            assertEquals(100, client.answer().status());
            assertEquals("ok", client.send("ok").answer().text());
        }
    }

    @Test
    void aClientThatAsksWithATooLargeBodyIsRefusedBeforeItSends() throws Exception {
        try (EdgeFixture edge =
                        EdgeFixture.start(
                                EdgeOptions.DEFAULTS.withMaxBodyBytes(10), EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            client.send(
                    head(
                            "POST / HTTP/1.1",
                            "host: localhost",
                            "content-length: 11",
                            "expect: 100-continue"));
            assertEquals(413, client.answer().status());
        }
    }

    @Test
    void headersAboveTheLimitGet431InTheSurfacesShape() throws Exception {
        String start = "GET /v1/messages?x HTTP/1.1\r\nhost: localhost\r\n";
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            for (String tooMuch :
                    List.of("x: " + "a".repeat(33_000), "a:b\r\n".repeat(201) + "\r\n")) {
                try (RawClient client = edge.connect()) {
                    RawClient.Answer answer = client.send(start + tooMuch).answer();
                    assertEquals(431, answer.status());
                    assertTrue(answer.text().contains("\"path\":\"/v1/messages\""), answer::text);
                }
            }
            try (RawClient client = edge.connect()) {
                String fits = start + "x: " + "a".repeat(32_000);
                assertEquals(200, client.send(fits + "\r\n\r\n").answer().status());
            }
        }
    }

    @Test
    void aHeadThatNeverEndsGets408() throws Exception {
        EdgeOptions options = EdgeOptions.DEFAULTS.withTimeouts(SHORT, LONG, LONG, LONG);
        try (EdgeFixture edge = EdgeFixture.start(options, EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            client.send("GET / HTTP/1.1\r\nhost: loc");
            assertEquals(408, client.answer().status());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void aHeadThatDripsGets408AllTheSame() throws Exception {
        EdgeOptions options = EdgeOptions.DEFAULTS.withTimeouts(SHORT, LONG, LONG, LONG);
        try (EdgeFixture edge = EdgeFixture.start(options, EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            client.send("GET / HTTP/1.1\r\n");
            Thread dripping =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        client.send("a:b\r\n");
                                        Thread.sleep(20);
                                    }
                                } catch (IOException | InterruptedException e) {
                                    // refused at last, or the test is over
                                }
                            });
            assertEquals(408, client.answer().status());
            dripping.interrupt();
        }
    }

    @Test
    void aSilentBodyGets408() throws Exception {
        EdgeOptions options = EdgeOptions.DEFAULTS.withTimeouts(LONG, SHORT, LONG, LONG);
        try (EdgeFixture edge = EdgeFixture.start(options, EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            client.send(
                    "POST /v1/generate HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nab");
            RawClient.Answer answer = client.answer();
            assertEquals(408, answer.status());
            assertTrue(answer.text().contains("/v1/generate"));
            client.leave();
            edge.settles();
        }
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws Exception {
        EdgeOptions options = EdgeOptions.DEFAULTS.withTimeouts(LONG, LONG, SHORT, LONG);
        try (EdgeFixture edge = EdgeFixture.start(options, EdgeFixture.ECHO);
                RawClient fresh = edge.connect();
                RawClient used = edge.connect()) {
            assertEquals(200, used.get("/").answer().status());
            assertTrue(used.isClosed());
            assertTrue(fresh.isClosed());
            edge.settles();
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredOneByOneInOrder() throws Exception {
        BlockingQueue<Responder> waiting = new LinkedBlockingQueue<>();
        Handler slow = (_, responder) -> waiting.add(responder);
        try (EdgeFixture edge = EdgeFixture.start(slow);
                RawClient client = edge.connect()) {
            for (int i = 0; i < 20; i++) {
                client.get("/" + i);
            }
            for (int i = 0; i < 20; i++) {
                Responder responder = waiting.poll(20, TimeUnit.SECONDS);
                assertNotNull(responder);
                assertTrue(waiting.isEmpty());
                byte[] body = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                responder.loop().execute(() -> responder.reply(200, Headers.NONE, body));
                assertEquals(Integer.toString(i), client.answer().text());
            }
        }
    }

    @Test
    void manyMorePipelinedBytesThanAreReadAheadAllArrive() throws Exception {
        try (EdgeFixture edge =
                        EdgeFixture.start((request, responder) ->
                                responder
                                        .loop()
                                        .after(
                                                1_000_000,
                                                () ->
                                                        EdgeFixture.ECHO.handle(
                                                                request, responder)));
                RawClient client = edge.connect()) {
            byte[] body = bytes(100_000);
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    for (int i = 0; i < 40; i++) {
                                        client.post("/", body);
                                    }
                                } catch (IOException e) {
                                    edge.reports.add("sender: " + e);
                                }
                            });
            for (int i = 0; i < 40; i++) {
                assertArrayEquals(body, client.answer().body());
            }
            sender.join();
            assertTrue(edge.reports.isEmpty(), edge.reports::toString);
        }
    }

    @Test
    void idsAreNewForEachRequestAndSortByTime() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(remembering);
                RawClient client = edge.connect()) {
            client.get("/").answer();
            String first = next().id();
            long until = System.currentTimeMillis() + 2;
            EdgeFixture.eventually("later", () -> System.currentTimeMillis() > until);
            client.get("/").answer();
            assertTrue(first.compareTo(next().id()) < 0);
            assertFalse(first.isEmpty());
        }
    }
}

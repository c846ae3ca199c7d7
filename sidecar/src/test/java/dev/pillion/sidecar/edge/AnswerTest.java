package dev.pillion.sidecar.edge;

import static dev.pillion.sidecar.edge.RawClient.head;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Handler;
import dev.pillion.sidecar.exchange.Responder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How answers go out: whole, streamed, cut, to clients that read slowly or not at all. */
class AnswerTest {
    private static final Headers EVENTS = Headers.of("content-type", "text/event-stream");

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void stream(Responder responder) {
        responder.head(200, EVENTS);
        responder.write(text("one "));
        responder.write(text("two "));
        responder.flush();
        responder.write(text("three"));
        responder.finish();
    }

    private static Handler replying(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return (_, responder) -> responder.reply(status, Headers.of("x-a", "b"), bytes);
    }

    @Test
    void aWholeAnswerHasItsLengthAndKeepsTheConnection() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start(replying(529, "busy"));
                RawClient client = edge.connect()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Answer answer = client.get("/").answer();
                assertEquals(529, answer.status());
                assertEquals("busy", answer.text());
                assertEquals("b", answer.headers().get("x-a"));
                assertTrue(String.valueOf(answer.headers().get("date")).endsWith("GMT"));
                assertNull(answer.headers().get("connection"));
            }
        }
    }

    @Test
    void whatIsWrittenBetweenTwoFlushesIsOneChunk() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start((_, responder) -> stream(responder));
                RawClient client = edge.connect()) {
            client.get("/");
            while (!client.line().isEmpty()) {
                // the head
            }
            assertEquals("8", client.line());
            assertEquals("one two", client.line());
            assertEquals("5", client.line());
            assertEquals("three", client.line());
            assertEquals("0", client.line());
            assertEquals("", client.line());
            assertEquals("one two three", client.get("/").answer().text());
        }
    }

    @Test
    void anHttp10ClientGetsAStreamThatEndsWithTheConnection() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start((_, responder) -> stream(responder));
                RawClient client = edge.connect()) {
            RawClient.Answer answer = client.send(head("GET / HTTP/1.0")).answer();
            assertNull(answer.headers().get("transfer-encoding"));
            assertEquals("close", answer.headers().get("connection"));
            assertEquals("one two three", answer.text());
        }
    }

    @Test
    void anHttp10ClientKeepsTheConnectionWhereItAsks() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start(replying(200, "ok"));
                RawClient client = edge.connect()) {
            String request = head("GET / HTTP/1.0", "connection: Keep-Alive");
            RawClient.Answer answer = client.send(request).answer();
            assertEquals("keep-alive", answer.headers().get("connection"));
            assertEquals("ok", client.send(head("GET / HTTP/1.0")).answer().text());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void aClientThatAsksForItIsClosedAfterItsAnswer() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start(replying(200, "ok"));
                RawClient client = edge.connect()) {
            client.send(head("GET / HTTP/1.1", "host: localhost", "connection: x, Close"));
            assertEquals("close", client.answer().headers().get("connection"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void headGetsTheHeadersWithoutTheBody() throws IOException {
        Handler both =
                (request, responder) -> {
                    if (request.path().equals("/stream")) {
                        stream(responder);
                    } else {
                        replying(200, "body").handle(request, responder);
                    }
                };
        try (EdgeFixture edge = EdgeFixture.start(both);
                RawClient client = edge.connect()) {
            client.send(head("HEAD /whole HTTP/1.1", "host: localhost"));
            assertEquals("4", client.answer(true).headers().get("content-length"));
            client.send(head("HEAD /stream HTTP/1.1", "host: localhost"));
            assertEquals(200, client.answer(true).status());
            assertEquals("body", client.get("/whole").answer().text());
        }
    }

    @Test
    void noContentHasNoLength() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start(replying(204, "ignored"));
                RawClient client = edge.connect()) {
            assertNull(client.get("/").answer().headers().get("content-length"));
            assertEquals(204, client.get("/").answer().status());
        }
    }

    @Test
    @DisplayName("F54 a header that would break out of its line is left out and reported")
    void headerInjectionIsImpossible() throws IOException {
        Headers headers =
                Headers.of(
                        "x-evil",
                        "a\r\nx-injected: 1",
                        "x-nul",
                        "a\0b",
                        "x bad",
                        "name",
                        "x-wide",
                        "\u0120",
                        "x-good",
                        "stays");
        try (EdgeFixture edge = EdgeFixture.start((_, to) -> to.reply(200, headers, new byte[0]));
                RawClient client = edge.connect()) {
            RawClient.Answer answer = client.get("/").answer();
            assertEquals("stays", answer.headers().get("x-good"));
            assertEquals(3, answer.headers().size(), answer.headers()::toString);
            EdgeFixture.eventually("reported", () -> !edge.reports.isEmpty());
        }
    }

    @Test
    void framingOfTheAnswerIsOursWhateverTheHandlerSays() throws IOException {
        Headers wrong =
                Headers.of("content-length", "99", "transfer-encoding", "gzip", "connection", "x");
        try (EdgeFixture edge =
                        EdgeFixture.start((_, to) -> to.reply(200, wrong, new byte[] {'o', 'k'}));
                RawClient client = edge.connect()) {
            RawClient.Answer answer = client.get("/").answer();
            assertEquals("ok", answer.text());
            assertNull(answer.headers().get("transfer-encoding"));
        }
    }

    @Test
    @DisplayName("F12 a cut answer never looks like a finished one")
    void aCutAnswerIsVisiblyIncomplete() throws IOException {
        Handler cutting =
                (_, responder) -> {
                    responder.head(200, EVENTS);
                    responder.write(text("half"));
                    responder.cut();
                };
        try (EdgeFixture edge = EdgeFixture.start(cutting)) {
            try (RawClient client = edge.connect()) {
                RawClient.Answer answer = client.get("/").answer();
                assertEquals("half", answer.text());
                assertFalse(answer.complete());
            }
            try (RawClient old = edge.connect()) {
                old.send(head("GET / HTTP/1.0"));
                assertTrue(wasReset(old));
            }
            edge.settles();
        }
    }

    private static boolean wasReset(RawClient client) {
        try {
            while (client.read() >= 0) {
                // whatever came before
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void onlyTheFirstAnswerCounts() throws IOException {
        Handler twice =
                (_, responder) -> {
                    responder.reply(200, Headers.NONE, "first".getBytes(StandardCharsets.UTF_8));
                    responder.reply(500, Headers.NONE, "second".getBytes(StandardCharsets.UTF_8));
                    responder.head(500, Headers.NONE);
                    responder.write(text("third"));
                    responder.finish();
                    responder.cut();
                };
        try (EdgeFixture edge = EdgeFixture.start(twice);
                RawClient client = edge.connect()) {
            assertEquals("first", client.get("/").answer().text());
            assertEquals("first", client.get("/").answer().text());
        }
    }

    @Test
    @DisplayName("a client that does not read stops a handler that obeys, within its bound")
    void backPressureHolds() throws IOException {
        byte[] event = new byte[1000];
        AtomicLong mostPending = new AtomicLong();
        AtomicLong written = new AtomicLong();
        AtomicInteger resumed = new AtomicInteger();
        long total = 20_000_000;
        Handler obeying =
                (_, responder) -> {
                    responder.head(200, EVENTS);
                    Runnable more =
                            () -> {
                                while (responder.writable() && written.get() < total) {
                                    responder.write(ByteBuffer.wrap(event));
                                    responder.flush();
                                    written.addAndGet(event.length);
                                    mostPending.accumulateAndGet(
                                            responder.pendingBytes(), Math::max);
                                }
                                if (written.get() >= total) {
                                    responder.finish();
                                }
                            };
                    responder.onWritable(() -> {
                        resumed.incrementAndGet();
                        more.run();
                    });
                    more.run();
                };
        try (EdgeFixture edge = EdgeFixture.start(obeying);
                RawClient client = RawClient.slow(edge.tcp())) {
            client.get("/");
            EdgeFixture.eventually("full", () -> mostPending.get() >= HttpSession.HIGH_WATER_BYTES);
            assertTrue(written.get() < total);
            assertEquals(0, resumed.get());
            RawClient.Answer answer = client.answer();
            assertEquals(total, answer.body().length);
            assertTrue(answer.complete());
            assertTrue(resumed.get() > 0);
            assertTrue(mostPending.get() < 64 << 10, () -> "pending " + mostPending.get());
        }
    }

    @Test
    void aLargeWholeAnswerGoesOutAsItIsTaken() throws IOException {
        byte[] body = new byte[10_000_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) ((i * 31) >> 3);
        }
        AtomicLong mostPending = new AtomicLong();
        Handler large =
                (_, responder) -> {
                    responder.reply(200, Headers.NONE, body);
                    mostPending.set(responder.pendingBytes());
                };
        try (EdgeFixture edge = EdgeFixture.start(large);
                RawClient client = RawClient.slow(edge.tcp())) {
            client.get("/");
            EdgeFixture.eventually("begun", () -> mostPending.get() > 0);
            assertTrue(mostPending.get() < 256 << 10, () -> "pending " + mostPending.get());
            assertArrayEquals(body, client.answer().body());
            assertArrayEquals(body, client.get("/").answer().body());
        }
    }

    @Test
    @DisplayName("F5 a client that takes nothing for too long is closed")
    void aStalledClientIsClosed() throws IOException {
        Duration minutes = Duration.ofMinutes(5);
        EdgeOptions options =
                EdgeOptions.DEFAULTS.withTimeouts(
                        minutes, minutes, minutes, Duration.ofMillis(300));
        try (EdgeFixture edge = EdgeFixture.start(options, replying(200, "x".repeat(20_000_000)));
                RawClient client = RawClient.slow(edge.tcp())) {
            client.get("/");
            edge.settles();
        }
    }

    @Test
    @DisplayName(
            "large answers of one connection do not pile up: the next request waits for the last")
    void pipelinedLargeAnswersDoNotPileUp() throws IOException {
        AtomicInteger handled = new AtomicInteger();
        byte[] body = new byte[4_000_000];
        Handler large =
                (_, responder) -> {
                    handled.incrementAndGet();
                    responder.reply(200, Headers.NONE, body);
                };
        try (EdgeFixture edge = EdgeFixture.start(large);
                RawClient client = RawClient.slow(edge.tcp())) {
            for (int i = 0; i < 5; i++) {
                client.get("/");
            }
            EdgeFixture.eventually("first", () -> handled.get() == 1);
            for (int i = 0; i < 5; i++) {
                assertEquals(i + 1, handled.get());
                assertEquals(body.length, client.answer().body().length);
                int next = Math.min(5, i + 2);
                EdgeFixture.eventually("next", () -> handled.get() == next);
            }
        }
    }
}

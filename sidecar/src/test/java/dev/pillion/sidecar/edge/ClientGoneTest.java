package dev.pillion.sidecar.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Handler;
import dev.pillion.sidecar.exchange.Responder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F5, F7: a client that leaves is noticed at once, in every phase, and costs nothing to others. */
class ClientGoneTest {
    private static final ByteBuffer PIECE =
            ByteBuffer.wrap("piece".getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();

    private static final EdgeOptions LITTLE_AHEAD = EdgeOptions.DEFAULTS.withMaxQueuedBytes(8_000);

    enum Way {
        FIN {
            @Override
            void leave(RawClient client) throws IOException {
                client.leave();
            }
        },
        RESET {
            @Override
            void leave(RawClient client) throws IOException {
                client.reset();
            }
        },
        HALF {
            @Override
            void leave(RawClient client) throws IOException {
                client.shutdownOutput();
            }
        };

        abstract void leave(RawClient client) throws IOException;
    }

    private final CountDownLatch gone = new CountDownLatch(1);
    private final BlockingQueue<Responder> exchanges = new LinkedBlockingQueue<>();
    private final Handler waiting =
            (_, responder) -> {
                responder.onGone(gone::countDown);
                exchanges.add(responder);
            };

    private Responder begun() throws InterruptedException {
        Responder responder = exchanges.poll(20, TimeUnit.SECONDS);
        assertNotNull(responder);
        return responder;
    }

    private void isNoticed(EdgeFixture edge) throws InterruptedException {
        assertTrue(gone.await(20, TimeUnit.SECONDS));
        edge.settles();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("F7 before the first byte of the answer")
    void beforeTheAnswer(Way way) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(waiting);
                RawClient client = edge.connect()) {
            client.post("/", new byte[1000]);
            begun();
            way.leave(client);
            isNoticed(edge);
        }
    }

    @Test
    @DisplayName("F7 on the Unix socket")
    void onTheUnixSocket() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(waiting);
                RawClient client = RawClient.unix(edge.dataSocket())) {
            client.get("/");
            begun();
            client.leave();
            isNoticed(edge);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("F5 in the middle of the answer")
    void midAnswer(Way way) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(waiting);
                RawClient client = edge.connect()) {
            client.get("/");
            Responder responder = begun();
            responder
                    .loop()
                    .execute(() -> {
                        responder.head(200, Headers.NONE);
                        responder.write(PIECE.duplicate());
                        responder.flush();
                    });
            assertEquals("HTTP/1.1 200 OK", client.line());
            way.leave(client);
            isNoticed(edge);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("F5 while it does not read, and the answer waits for it")
    void whileTheAnswerWaits(Way way) throws Exception {
        Handler filling =
                (request, responder) -> {
                    responder.head(200, Headers.NONE);
                    while (responder.writable()) {
                        responder.write(ByteBuffer.allocate(8000));
                        responder.flush();
                    }
                    waiting.handle(request, responder);
                };
        try (EdgeFixture edge = EdgeFixture.start(filling);
                RawClient client = RawClient.slow(edge.tcp())) {
            client.get("/");
            begun();
            way.leave(client);
            isNoticed(edge);
        }
    }

    private void leavesWithMuchSentAhead(EdgeFixture edge, RawClient client, Way way)
            throws Exception {
        client.get("/");
        begun();
        client.post("/", new byte[20_000]);
        EdgeFixture.eventually("read ahead", () -> edge.budget.heldBytes() > 8_000);
        client.post("/", new byte[20_000]);
        way.leave(client);
        isNoticed(edge);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("F5 with more sent ahead than is read ahead")
    void withMuchSentAhead(Way way) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(LITTLE_AHEAD, waiting);
                RawClient client = edge.connect()) {
            leavesWithMuchSentAhead(edge, client, way);
        }
    }

    @Test
    @DisplayName("F5 with more sent ahead than is read ahead, on the Unix socket")
    void withMuchSentAheadOnTheUnixSocket() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(LITTLE_AHEAD, waiting);
                RawClient client = RawClient.unix(edge.dataSocket())) {
            leavesWithMuchSentAhead(edge, client, Way.FIN);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("F5 long after reading ahead has stopped")
    void afterReadingAheadHasStopped(Way way) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(LITTLE_AHEAD, waiting);
                RawClient client = edge.connect()) {
            client.get("/");
            begun();
            client.post("/", new byte[30_000]);
            EdgeFixture.eventually("read ahead", () -> edge.budget.heldBytes() > 8_000);
            // a second client's whole exchange lies between, on the same loop
            try (RawClient other = edge.connect()) {
                other.get("/");
                Responder responder = begun();
                responder.loop().execute(() -> responder.reply(200, Headers.NONE, new byte[0]));
                assertEquals(200, other.answer().status());
            }
            way.leave(client);
            isNoticed(edge);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("F5 in the middle of its own request")
    void midRequest(Way way) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(waiting)) {
            try (RawClient client = edge.connect()) {
                client.send("POST / HT");
                way.leave(client);
                edge.settles();
            }
            try (RawClient client = edge.connect()) {
                client.send(
                        RawClient.head("POST / HTTP/1.1", "host: localhost", "content-length: 9"));
                client.send("abc");
                EdgeFixture.eventually("body begun", () -> edge.budget.heldBytes() > 0);
                way.leave(client);
                edge.settles();
            }
        }
    }

    @Test
    void whoRegistersLateIsToldAtOnce() throws Exception {
        Handler remembering = (_, responder) -> exchanges.add(responder);
        try (EdgeFixture edge = EdgeFixture.start(remembering);
                RawClient client = edge.connect()) {
            client.get("/");
            Responder responder = begun();
            client.leave();
            edge.settles();
            responder.loop().execute(() -> responder.onGone(gone::countDown));
            assertTrue(gone.await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void afterTheAnswerNobodyIsTold() throws Exception {
        AtomicInteger told = new AtomicInteger();
        Handler answering =
                (_, responder) -> {
                    responder.onGone(told::incrementAndGet);
                    responder.reply(200, Headers.NONE, new byte[0]);
                };
        try (EdgeFixture edge = EdgeFixture.start(answering);
                RawClient client = edge.connect()) {
            client.get("/").answer();
            client.leave();
            edge.settles();
            assertEquals(0, told.get());
        }
    }

    @Test
    @DisplayName("F3 a responder kept after its exchange can't write into the next one")
    void aStaleResponderIsHarmless() throws Exception {
        Handler remembering = (_, responder) -> exchanges.add(responder);
        try (EdgeFixture edge = EdgeFixture.start(remembering);
                RawClient client = edge.connect()) {
            client.get("/");
            Responder first = begun();
            first.loop().execute(() -> first.reply(200, Headers.NONE, new byte[] {'1'}));
            assertEquals("1", client.answer().text());
            client.get("/");
            Responder second = begun();
            first.loop()
                    .execute(() -> {
                        first.reply(200, Headers.NONE, new byte[] {'X'});
                        first.head(200, Headers.NONE);
                        first.write(PIECE.duplicate());
                        first.flush();
                        first.finish();
                        first.cut();
                        second.reply(200, Headers.NONE, new byte[] {'2'});
                    });
            assertEquals("2", client.answer().text());
        }
    }

    @Test
    @DisplayName("F1 many clients that leave at random leave nothing behind")
    void manyClientsLeaveNothingBehind() throws Exception {
        Handler streaming =
                (_, responder) -> {
                    responder.head(200, Headers.NONE);
                    responder.write(ByteBuffer.allocate(3000));
                    responder.flush();
                    responder.loop().after(2_000_000, responder::finish);
                };
        try (EdgeFixture edge = EdgeFixture.start(streaming)) {
            for (int i = 0; i < 300; i++) {
                try (RawClient client = edge.connect()) {
                    client.post("/", new byte[i * 100]);
                    switch (i % 4) {
                        case 0 -> client.reset();
                        case 1 -> client.leave();
                        case 2 -> client.line();
                        default -> assertEquals(3000, client.answer().body().length);
                    }
                }
            }
            edge.settles();
            assertTrue(edge.reports.isEmpty(), edge.reports::toString);
        }
    }
}

package dev.pillion.sidecar.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Responder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A drain lets what is under way finish, and takes nothing new. */
class DrainTest {
    @Test
    void theExchangeUnderWayFinishesAndNothingNewBegins() throws Exception {
        BlockingQueue<Responder> exchanges = new LinkedBlockingQueue<>();
        try (EdgeFixture edge = EdgeFixture.start((_, responder) -> exchanges.add(responder));
                RawClient busy = edge.connect();
                RawClient half = edge.connect();
                RawClient idle = edge.connect()) {
            busy.get("/");
            Responder responder = exchanges.poll(20, TimeUnit.SECONDS);
            assertNotNull(responder);
            half.send("POST / HTTP/1.1\r\nhost: localhost\r\n");
            EdgeFixture.eventually("half a request", () -> edge.listeners.inflight() == 2);

            edge.listeners.stopAccepting();

            assertTrue(idle.isClosed());
            assertFalse(Files.exists(edge.dataSocket()));
            assertThrows(IOException.class, edge::connect);
            assertEquals(2, edge.listeners.inflight());
            responder.loop().execute(() -> responder.reply(200, Headers.NONE, new byte[] {'1'}));
            RawClient.Answer answer = busy.answer();
            assertEquals("close", answer.headers().get("connection"));
            assertEquals("1", answer.text());
            assertTrue(busy.isClosed());

            half.send("content-length: 0\r\n\r\n");
            Responder last = exchanges.poll(20, TimeUnit.SECONDS);
            assertNotNull(last);
            last.loop().execute(() -> last.reply(200, Headers.NONE, new byte[] {'2'}));
            assertEquals("2", half.answer().text());
            edge.settles();
        }
    }

    @Test
    void closingEndsEverythingAtOnce() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start((_, _) -> {});
                RawClient busy = edge.connect()) {
            busy.get("/");
            EdgeFixture.eventually("in flight", () -> edge.listeners.inflight() == 1);
            edge.listeners.close();
            assertTrue(busy.isClosed());
            edge.settles();
        }
    }
}

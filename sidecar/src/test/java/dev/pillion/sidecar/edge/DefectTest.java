package dev.pillion.sidecar.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Handler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** F4: what throws inside an exchange ends that exchange, and nothing else. */
class DefectTest {
    private static final String CANARY = "canary-of-the-prompt";

    @Test
    @DisplayName("F4 whatever a handler throws becomes one 500, and the connection lives on")
    void aThrowingHandler() throws IOException {
        Handler broken =
                (request, responder) -> {
                    if (request.path().equals("/ok")) {
                        responder.reply(200, Headers.NONE, new byte[0]);
                        return;
                    }
                    if (request.path().equals("/state")) {
                        throw new IllegalStateException(CANARY);
                    }
                    throw new StackOverflowError(CANARY);
                };
        try (EdgeFixture edge = EdgeFixture.start(broken);
                RawClient client = edge.connect()) {
            for (String path : new String[] {"/state", "/error"}) {
                RawClient.Answer answer = client.get(path).answer();
                assertEquals(500, answer.status());
                assertTrue(answer.text().contains("internal"));
                assertFalse(answer.text().contains(CANARY));
                assertEquals(200, client.get("/ok").answer().status());
            }
            assertEquals(2, edge.reports.size());
            String line = edge.reports.getFirst();
            assertTrue(line.contains("IllegalStateException\n    at dev.pillion"), line);
            assertFalse(line.contains(CANARY), line);
        }
    }

    @Test
    @DisplayName("F4 a handler that throws in mid stream cuts its own answer only")
    void aHandlerThatThrowsInMidStream() throws IOException {
        Handler broken =
                (_, responder) -> {
                    responder.head(200, Headers.NONE);
                    responder.write(ByteBuffer.wrap("half".getBytes(StandardCharsets.UTF_8)));
                    responder.flush();
                    throw new IllegalStateException(CANARY);
                };
        try (EdgeFixture edge = EdgeFixture.start(broken);
                RawClient client = edge.connect()) {
            RawClient.Answer answer = client.get("/").answer();
            assertEquals("half", answer.text());
            assertFalse(answer.complete());
            edge.settles();
        }
    }

    @Test
    @DisplayName("F4 a task of a client that left may throw, too")
    void aThrowingTask() throws IOException {
        Handler broken =
                (_, responder) ->
                        responder.onGone(() -> {
                            throw new IllegalStateException(CANARY);
                        });
        try (EdgeFixture edge = EdgeFixture.start(broken);
                RawClient client = edge.connect()) {
            client.get("/");
            EdgeFixture.eventually("in flight", () -> edge.listeners.inflight() == 1);
            client.leave();
            EdgeFixture.eventually("reported", () -> edge.reports.size() == 1);
            edge.settles();
        }
    }

    @Test
    void aThrownFaultIsAnAnswerAndNoDefect() throws IOException {
        Handler refusing =
                (_, _) -> {
                    throw Fault.invalid("no such thing", "/model").asException();
                };
        try (EdgeFixture edge = EdgeFixture.start(refusing);
                RawClient client = edge.connect()) {
            RawClient.Answer answer = client.get("/").answer();
            assertEquals(400, answer.status());
            assertTrue(answer.text().contains("no such thing"));
            assertTrue(edge.reports.isEmpty());
        }
    }
}

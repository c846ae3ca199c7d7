package dev.pillion.sidecar.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Each request that no handler ends is told of once, whatever becomes of it. */
class ToldOnceTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMinutes(1);

    private static void expect(EdgeFixture edge, String... lines) {
        edge.settles();
        assertEquals(List.of(lines), edge.told);
    }

    @Test
    void whatIsRefusedIsToldOnceAndWhatIsHandledIsNot() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            try (RawClient client = edge.connect()) {
                assertEquals(200, client.get("/fine").answer().status());
                assertEquals(403, client.send(head("GET /host", "host: evil")).answer().status());
            }
            try (RawClient client = edge.connect()) {
                client.send("GARBAGE\r\n\r\n").answer();
            }
            try (RawClient client = edge.connect()) {
                client.send(head("GET /long", "host: localhost", "x: " + "y".repeat(40_000)))
                        .answer();
            }
            expect(edge, "403 /host", "400 ", "431 /long");
        }
    }

    private static String head(String line, String... fields) {
        return line + " HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    @Test
    void aBodyTooLargeAndOneTooSlowAreToldOnce() throws IOException {
        EdgeOptions options =
                EdgeOptions.DEFAULTS.withMaxBodyBytes(10).withTimeouts(SHORT, SHORT, LONG, LONG);
        try (EdgeFixture edge = EdgeFixture.start(options, EdgeFixture.ECHO)) {
            try (RawClient client = edge.connect()) {
                assertEquals(413, client.post("/large", new byte[11]).answer().status());
            }
            try (RawClient client = edge.connect()) {
                client.send(head("POST /slow", "host: localhost", "content-length: 5"));
                assertEquals(408, client.answer().status());
            }
            try (RawClient client = edge.connect()) {
                client.send("GET /drip HTTP/1.1\r\nho");
                assertEquals(408, client.answer().status());
            }
            expect(edge, "413 /large", "408 /slow", "408 /drip");
        }
    }

    @Test
    void whoLeavesWithinTheBodyIsToldOfAndWhoNeverFinishedAHeadIsNot() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            try (RawClient client = edge.connect()) {
                client.send("GET /half HTTP/1.1\r\nho");
                EdgeFixture.eventually("begun", () -> edge.listeners.inflight() == 1);
            }
            edge.settles();
            try (RawClient client = edge.connect()) {
                client.send(head("POST /body", "host: localhost", "content-length: 5") + "abc");
                EdgeFixture.eventually("held", () -> edge.budget.heldBytes() > 0);
            }
            edge.settles();
            edge.connect().close();
            expect(edge, "gone /body");
        }
    }

    @Test
    void whoLeavesWhileAHandlerHasTheRequestIsTheHandlersToTell() throws Exception {
        var handled = new CountDownLatch(1);
        try (EdgeFixture edge = EdgeFixture.start((_, _) -> handled.countDown())) {
            try (RawClient client = edge.connect()) {
                client.get("/mine");
                handled.await();
            }
            expect(edge);
        }
    }

    @Test
    void aDefectThatNoHandlerAnsweredIsToldOnce() throws IOException {
        try (EdgeFixture edge =
                EdgeFixture.start((_, _) -> {
                    throw new IllegalStateException();
                })) {
            try (RawClient client = edge.connect()) {
                assertEquals(500, client.get("/defect").answer().status());
            }
            expect(edge, "500 /defect");
        }
    }

    @Test
    void whoLeavesWhileItsBodyIsUnpackedIsToldOnce() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            byte[] piece = "{}".repeat(4_096).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 400; i++) {
                gzip.write(piece);
            }
        }
        try (EdgeFixture edge = EdgeFixture.start((_, responder) -> responder.cut())) {
            try (RawClient client = edge.connect()) {
                client.send(
                        head(
                                "POST /packed",
                                "host: localhost",
                                "content-encoding: gzip",
                                "content-length: " + packed.size()));
                client.send(packed.toByteArray());
            }
            edge.settles();
            // the handler may have been quicker than the client
            assertEquals(edge.told.isEmpty() ? List.of() : List.of("gone /packed"), edge.told);
        }
    }
}

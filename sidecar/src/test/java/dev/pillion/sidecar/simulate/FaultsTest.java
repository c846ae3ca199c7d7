package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every misbehaviour, seen from the socket. */
class FaultsTest {
    private static final String MESSAGES = "/v1/messages";
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Simulator simulator = Simulator.start(Simulator.Options.anthropic());
    private final VendorClient client = new VendorClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    private String raw(String body) throws IOException {
        try (var socket = client.open(MESSAGES, body)) {
            return VendorClient.readAll(socket);
        }
    }

    @Test
    void aStatusHasTheVendorsBodyAndGoesAwayAfterItsCount() throws Exception {
        simulator.faults().arm(new Misbehaviour.Status(529), 2, 1, "");
        for (int i = 0; i < 2; i++) {
            var reply = client.post(MESSAGES, VendorClient.PLAIN);
            assertEquals(529, reply.statusCode());
            assertTrue(reply.body().contains("\"overloaded_error\""), reply.body());
        }
        assertEquals(200, client.post(MESSAGES, VendorClient.PLAIN).statusCode());
    }

    @Test
    void aRateLimitSaysWhenToComeBackInEveryForm() throws Exception {
        for (var hint : RetryHint.values()) {
            simulator
                    .faults()
                    .next(new Misbehaviour.Status(429, hint, Duration.ofSeconds(7), false));
            var headers = client.post(MESSAGES, VendorClient.PLAIN).headers();
            var after = headers.firstValue("retry-after").orElse("");
            switch (hint) {
                case NONE -> assertEquals("", after);
                case SECONDS -> assertEquals("7", after);
                case HTTP_DATE -> assertTrue(after.endsWith("GMT"), after);
                case MILLIS ->
                        assertEquals("7000", headers.firstValue("retry-after-ms").orElse(""));
                case RESET ->
                        assertEquals(
                                "0",
                                headers.firstValue("anthropic-ratelimit-requests-remaining")
                                        .orElse(""));
            }
        }
    }

    @Test
    void aProxyAnswersInHtml() throws Exception {
        simulator.faults().next(new Misbehaviour.Status(502, RetryHint.NONE, Duration.ZERO, true));
        var reply = client.post(MESSAGES, VendorClient.PLAIN);
        assertEquals(502, reply.statusCode());
        assertEquals("text/html", reply.headers().firstValue("content-type").orElse(""));
        assertTrue(reply.body().startsWith("<html>"), reply.body());
    }

    @Test
    void anErrorInsideAStreamComesFirstOrAfterSomeEvents() throws Exception {
        simulator.faults().next(new Misbehaviour.ErrorEvent(0, 529));
        var first = client.post(MESSAGES, VendorClient.STREAM);
        assertEquals(200, first.statusCode());
        assertTrue(first.body().startsWith("event: error\n"), first.body());
        simulator.faults().next(new Misbehaviour.ErrorEvent(3, 500));
        var later = client.post(MESSAGES, VendorClient.STREAM).body();
        assertTrue(later.startsWith("event: message_start\n"), later);
        assertTrue(later.contains("event: error\n") && later.contains("api_error"), later);
        assertFalse(later.contains("message_stop"), later);
        simulator.faults().next(new Misbehaviour.ErrorEvent(0, 529));
        assertEquals(529, client.post(MESSAGES, VendorClient.PLAIN).statusCode());
    }

    @Test
    void connectionsAreRefusedUntilTheyAreAcceptedAgain() throws Exception {
        for (int round = 0; round < 20; round++) {
            simulator.faults().refuse();
            assertThrows(
                    ConnectException.class,
                    () -> new Socket(InetAddress.getLoopbackAddress(), simulator.port()).close());
            simulator.faults().accept();
            assertEquals(200, client.post(MESSAGES, VendorClient.PLAIN).statusCode());
        }
    }

    @Test
    void connectionsAreRefusedForAWhileOverHttp() throws Exception {
        client.post("/__fault", "{\"kind\":\"refuse\",\"millis\":200,\"delay_millis\":20}");
        boolean refused = false;
        boolean accepted = false;
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!accepted && System.nanoTime() < deadline) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), simulator.port()).close();
                accepted = refused;
            } catch (ConnectException _) {
                refused = true;
            } catch (SocketException _) {
                accepted = false; // it stood in the listener's queue when that was closed
            }
        }
        assertTrue(refused && accepted, "refused " + refused + ", accepted " + accepted);
    }

    @Test
    void aConnectionIsResetBeforeTheHeader() {
        simulator.faults().next(new Break(-1, How.RESET));
        assertThrows(SocketException.class, () -> raw(VendorClient.PLAIN));
    }

    @Test
    void aHangIsNoticedWhenTheClientLeavesIt() throws Exception {
        simulator.faults().next(new Break(-1, How.HANG));
        try (var socket = client.open(MESSAGES, VendorClient.PLAIN)) {
            assertTrue(simulator.log().await(SOON, log -> log.requestCount() == 1));
            assertEquals(SeenRequest.Outcome.OPEN, simulator.log().last().outcome());
            assertTrue(socket.isConnected());
        }
        assertTrue(simulator.log().await(SOON, log -> log.cancelledCount() == 1));
        assertEquals(SeenRequest.Outcome.CANCELLED, simulator.log().last().outcome());
    }

    @Test
    void aStreamHangsAfterItsHeaderOrInItsMiddle() throws Exception {
        simulator.faults().next(new Break(0, How.HANG));
        try (var socket = client.open(MESSAGES, VendorClient.STREAM)) {
            assertTrue(VendorClient.readUntil(socket, "\r\n\r\n").startsWith("HTTP/1.1 200"));
        }
        simulator.faults().next(new Break(4, How.HANG));
        try (var socket = client.open(MESSAGES, VendorClient.STREAM)) {
            assertTrue(VendorClient.readUntil(socket, "text_delta").contains("message_start"));
        }
        assertTrue(simulator.log().await(SOON, log -> log.cancelledCount() == 2));
    }

    @Test
    void aStreamIsCutByFinByResetOrEndsWithoutItsLastEvent() throws Exception {
        simulator.faults().next(new Break(4, How.CLOSE));
        var cut = raw(VendorClient.STREAM);
        assertTrue(cut.contains("message_start") && !cut.endsWith("0\r\n\r\n"), cut);
        simulator.faults().next(new Break(4, How.RESET));
        assertThrows(SocketException.class, () -> raw(VendorClient.STREAM));
        simulator.faults().next(new Break(Integer.MAX_VALUE, How.END));
        var ended = client.post(MESSAGES, VendorClient.STREAM).body();
        assertTrue(ended.contains("message_delta") && !ended.contains("message_stop"), ended);
    }

    @Test
    void contentLengthsLie() throws Exception {
        simulator.faults().next(new Misbehaviour.WrongLength(50));
        var lost = raw(VendorClient.PLAIN);
        assertEquals(contentLength(lost) - 50, body(lost).length());
        simulator.faults().next(new Misbehaviour.WrongLength(-50));
        try (var socket = client.open(MESSAGES, VendorClient.PLAIN)) {
            var head = VendorClient.readUntil(socket, "\r\n\r\n");
            assertTrue(VendorClient.readUntil(socket, "\"}}").length() > contentLength(head));
        }
    }

    @Test
    void aChunkIsCutAndGarbageIsSent() throws Exception {
        simulator.faults().next(new Misbehaviour.TruncatedChunk());
        assertFalse(raw(VendorClient.PLAIN).endsWith("0\r\n\r\n"));
        simulator.faults().next(new Misbehaviour.GarbageHttp());
        assertFalse(raw(VendorClient.PLAIN).startsWith("HTTP"));
        simulator.faults().next(new Misbehaviour.GarbageJson());
        var garbage = client.post(MESSAGES, VendorClient.PLAIN).body();
        assertThrows(IOException.class, () -> new ObjectMapper().readTree(garbage));
        simulator.faults().next(new Misbehaviour.EmptyBody());
        assertEquals("", client.post(MESSAGES, VendorClient.PLAIN).body());
        simulator.faults().next(new Misbehaviour.EmptyBody());
        assertEquals("", client.post(MESSAGES, VendorClient.STREAM).body());
    }

    @Test
    void aStreamNeverEndsWithOrWithoutItsLastEvent() throws Exception {
        simulator.faults().next(new Misbehaviour.NeverEnds(true));
        try (var socket = client.open(MESSAGES, VendorClient.STREAM)) {
            VendorClient.readUntil(socket, "message_stop");
        }
        simulator.faults().next(new Misbehaviour.NeverEnds(false));
        try (var socket = client.open(MESSAGES, VendorClient.STREAM)) {
            VendorClient.readUntil(socket, "message_delta");
        }
        assertTrue(simulator.log().await(SOON, log -> log.cancelledCount() == 2));
    }

    @Test
    void shapesOfAStreamChangeItsBytesAndNotItsMeaning() throws Exception {
        var plain = client.post(MESSAGES, VendorClient.STREAM).body();
        simulator.faults().always(new Misbehaviour.Rechunk(7));
        simulator.faults().always(new Misbehaviour.Bundle(3));
        simulator.faults().always(new Misbehaviour.Crlf());
        simulator.faults().always(new Misbehaviour.Comments());
        var shaped = client.post(MESSAGES, VendorClient.STREAM).body();
        assertTrue(shaped.contains("\r\n\r\n") && shaped.contains(": a comment"), shaped);
        var unshaped = shaped.replace("\r\n", "\n").replace(": a comment\n\n", "");
        assertEquals(withoutIds(plain), withoutIds(unshaped));
    }

    @Test
    void aBodyIsCompressedStreamedOrNot() throws Exception {
        simulator.faults().always(new Misbehaviour.Gzip());
        for (var request : new String[] {VendorClient.PLAIN, VendorClient.STREAM}) {
            var reply = client.postForBytes(MESSAGES, request);
            assertEquals("gzip", reply.headers().firstValue("content-encoding").orElse(""));
            var text =
                    new String(
                            new GZIPInputStream(new ByteArrayInputStream(reply.body()))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8);
            assertTrue(text.contains("end_turn"), text);
        }
    }

    @Test
    void aHugeReplyPassesWholeAndIsHeldBackForASlowClient() throws Exception {
        simulator.faults().next(new Misbehaviour.Huge(3));
        assertTrue(client.post(MESSAGES, VendorClient.PLAIN).body().length() > 3 << 20);
        simulator.faults().next(new Misbehaviour.Huge(64));
        try (var socket = client.open(MESSAGES, VendorClient.STREAM)) {
            VendorClient.readUntil(socket, "text_delta");
            var request = simulator.log().last();
            assertEquals(SeenRequest.Outcome.OPEN, request.outcome());
            assertTrue(request.sentBytes() < 64 << 20, "sent " + request.sentBytes());
        }
        assertTrue(simulator.log().await(SOON, log -> log.cancelledCount() == 1));
    }

    @Test
    void faultsAndLogAreReachedOverHttp() throws Exception {
        client.post("/__fault", "[{\"kind\":\"status\",\"status\":503,\"count\":1}]");
        assertEquals(503, client.post(MESSAGES, VendorClient.PLAIN).statusCode());
        client.post("/__fault", "{\"kind\":\"reset\",\"count\":5}");
        client.send("DELETE", "/__fault");
        assertEquals(200, client.post(MESSAGES, VendorClient.PLAIN).statusCode());
        assertEquals(400, client.post("/__fault", "{\"kind\":\"nonsense\"}").statusCode());
        var log = new ObjectMapper().readTree(client.send("GET", "/__log").body());
        assertEquals(2, log.path("requests").asInt());
        assertEquals("ANSWERED", log.path("latest").path(1).path("outcome").asText());
    }

    @Test
    void aProbabilityOfHalfHitsSomeAndASelectedPathHitsOnlyItself() throws Exception {
        simulator.faults().arm(new Misbehaviour.Status(500), 100, 0.5, "/v1/messages");
        int hit = 0;
        for (int i = 0; i < 40; i++) {
            hit += client.post(MESSAGES, VendorClient.PLAIN).statusCode() == 500 ? 1 : 0;
        }
        assertTrue(hit > 5 && hit < 35, hit + " of 40");
        assertEquals(200, client.send("GET", "/v1/models").statusCode());
    }

    @Test
    void connectionsAreCountedAndReused() throws Exception {
        for (int i = 0; i < 5; i++) {
            client.post(MESSAGES, VendorClient.PLAIN);
        }
        assertEquals(5, simulator.log().requestCount());
        assertEquals(1, simulator.log().connectionCount());
        assertEquals(1, simulator.log().last().connection());
        assertTrue(simulator.log().last().body().contains("Säntis"));
    }

    private static int contentLength(String reply) {
        var line = reply.lines().filter(l -> l.startsWith("content-length: ")).findFirst();
        return Integer.parseInt(line.orElseThrow().substring("content-length: ".length()));
    }

    private static String body(String reply) {
        return reply.substring(reply.indexOf("\r\n\r\n") + 4);
    }

    private static String withoutIds(String stream) {
        return stream.replaceAll("msg_[A-Za-z0-9]+", "msg").replaceAll(" +}", "}");
    }
}

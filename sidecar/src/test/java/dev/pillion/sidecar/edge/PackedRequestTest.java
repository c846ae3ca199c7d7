package dev.pillion.sidecar.edge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.exchange.Handler;
import dev.pillion.sidecar.exchange.Inbound;
import dev.pillion.sidecar.upstream.Loops;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come packed are served as if they had come plain, within the same limits. */
class PackedRequestTest {
    private static final byte[] HELLO = "{\"hello\":\"wörld\"}".getBytes(StandardCharsets.UTF_8);

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

    static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] deflate(byte[] plain, boolean raw) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var deflater = new Deflater(Deflater.BEST_SPEED, raw);
                var out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] packed(String how, byte[] plain) throws IOException {
        return switch (how) {
            case "gzip" -> gzip(plain);
            case "zlib" -> deflate(plain, false);
            case "raw" -> deflate(plain, true);
            case "twice" -> gzip(deflate(plain, false));
            case "members" -> {
                var all = new ByteArrayOutputStream();
                all.writeBytes(gzip(Arrays.copyOf(plain, 3)));
                all.writeBytes(gzip(Arrays.copyOfRange(plain, 3, plain.length)));
                yield all.toByteArray();
            }
            default -> plain;
        };
    }

    private static byte[] compressible(int count) {
        byte[] bytes = new byte[count];
        Random random = new Random(11);
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(8));
        }
        return bytes;
    }

    private static RawClient post(RawClient client, String headers, byte[] body)
            throws IOException {
        return client.send(
                        "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\n"
                                + headers
                                + "\r\ncontent-length: "
                                + body.length
                                + "\r\n\r\n")
                .send(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    content-encoding: gzip                       | gzip
                    Content-Encoding: X-GZIP                     | gzip
                    content-encoding: gzip                       | members
                    content-encoding: deflate                    | zlib
                    content-encoding: deflate                    | raw
                    content-encoding: identity                   | plain
                    content-encoding:                            | plain
                    content-encoding: identity, gzip,            | gzip
                    content-encoding: deflate, gzip              | twice
                    """)
    void aPackedBodyIsSeenPlain(String header, String how) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(remembering);
                RawClient client = edge.connect()) {
            byte[] answer = post(client, header, packed(how, HELLO)).answer().body();
            assertArrayEquals(HELLO, answer);
            Inbound inbound = next();
            assertArrayEquals(HELLO, inbound.body());
            assertNull(inbound.headers().get("content-encoding"), "nobody behind sees it packed");
            client.leave();
            edge.settles();
        }
    }

    @Test
    void twoHeaderLinesAreOneList() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            String headers = "content-encoding: deflate\r\ncontent-encoding: gzip";
            assertArrayEquals(HELLO, post(client, headers, packed("twice", HELLO)).answer().body());
        }
    }

    @Test
    void aPackedBodyReadsTheSameHoweverItsBytesAreCut() throws Exception {
        byte[] packed = gzip(HELLO);
        var request = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            request.writeBytes(
                    RawClient.head(
                                    "POST /a HTTP/1.1",
                                    "host: localhost",
                                    "content-encoding: gzip",
                                    "transfer-encoding: chunked")
                            .getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(
                    (Integer.toHexString(packed.length) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(packed);
            request.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] all = request.toByteArray();
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            for (int seed = 0; seed < 30; seed++) {
                Random random = new Random(seed);
                try (RawClient client = edge.connect()) {
                    for (int from = 0; from < all.length; ) {
                        int to = Math.min(all.length, from + 1 + random.nextInt(60));
                        client.send(Arrays.copyOfRange(all, from, to));
                        from = to;
                    }
                    for (int i = 0; i < 3; i++) {
                        assertArrayEquals(HELLO, client.answer().body());
                    }
                }
            }
            edge.settles();
        }
    }

    @Test
    @DisplayName("F6 a packed body of 10 MB is unpacked off the loop, in the order of requests")
    void aLargePackedBodyIsUnpacked() throws Exception {
        byte[] body = compressible(10_000_000);
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            post(client, "content-encoding: gzip", gzip(body));
            client.get("/next");
            assertArrayEquals(body, client.answer().body());
            assertEquals(200, client.answer().status());
            client.leave();
            edge.settles();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"br", "zstd", "compress", "gzip, br", "gzip, gzip, gzip", "gzip;q=1", "*"})
    void anUnknownCodingGets415AndTheConnectionStaysUsable(String coding) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            RawClient.Answer answer =
                    post(client, "content-encoding: " + coding, compressible(70_000)).answer();
            assertEquals(415, answer.status());
            assertEquals("gzip, deflate", answer.headers().get("accept-encoding"));
            assertTrue(answer.text().contains("/v1/messages"), answer::text);
            assertTrue(answer.text().contains(coding), answer::text);
            assertEquals(200, client.get("/").answer().status());
            client.leave();
            edge.settles();
        }
    }

    @Test
    void anUnknownCodingIsRefusedBeforeTheBodyOfAClientThatAsks() throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            client.send(
                    RawClient.head(
                            "POST /v1/messages HTTP/1.1",
                            "host: localhost",
                            "content-encoding: br",
                            "expect: 100-continue",
                            "content-length: 100"));
            assertEquals(415, client.answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "garbage", "trailing", "checksum", "plain", "inner"})
    void aBrokenPackedBodyGets400AndTheConnectionStaysUsable(String how) throws Exception {
        byte[] good = gzip(HELLO);
        String coding = how.equals("inner") ? "gzip, gzip" : "gzip";
        byte[] body =
                switch (how) {
                    case "cut" -> Arrays.copyOf(good, good.length - 9);
                    case "garbage" -> Arrays.copyOf(Arrays.copyOf(good, 12), 400);
                    case "trailing" -> Arrays.copyOf(good, good.length + 1);
                    case "checksum" -> {
                        byte[] wrong = good.clone();
                        wrong[wrong.length - 6] ^= 1;
                        yield wrong;
                    }
                    case "inner" -> gzip(Arrays.copyOf(good, good.length - 1));
                    default -> HELLO;
                };
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            RawClient.Answer answer = post(client, "content-encoding: " + coding, body).answer();
            assertEquals(400, answer.status(), answer::text);
            assertTrue(answer.text().contains("the request body "), answer::text);
            assertEquals(200, client.get("/").answer().status());
            client.leave();
            edge.settles();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"once", "twice", "members"})
    @DisplayName("F6 a body made to burst gets 413, is not unpacked further, and harms nobody")
    void aBombGets413(String how) throws Exception {
        byte[] nothing = gzip(new byte[0]);
        byte[] body;
        if (how.equals("members")) { // much in the middle, and nothing comes out
            byte[] many = new byte[nothing.length * 200_000];
            for (int at = 0; at < many.length; at += nothing.length) {
                System.arraycopy(nothing, 0, many, at, nothing.length);
            }
            body = gzip(many);
        } else {
            body = gzip(new byte[40_000_000]);
            body = how.equals("twice") ? gzip(body) : body;
        }
        String coding = how.equals("once") ? "gzip" : "gzip, gzip";
        EdgeOptions options = EdgeOptions.DEFAULTS.withMaxBodyBytes(1_000_000);
        try (EdgeFixture edge = EdgeFixture.start(options, EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            RawClient.Answer answer = post(client, "content-encoding: " + coding, body).answer();
            assertEquals(413, answer.status(), answer::text);
            assertTrue(answer.text().contains("1000000"), answer::text);
            assertEquals(200, client.get("/").answer().status());
            client.leave();
            edge.settles();
        }
    }

    @Test
    void whatUnpacksBeyondTheBudgetGets503() throws Exception {
        try (EdgeFixture edge =
                        EdgeFixture.start(
                                Loops.open(1), EdgeOptions.DEFAULTS, 1 << 20, EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            RawClient.Answer answer =
                    post(client, "content-encoding: gzip", gzip(new byte[20_000_000])).answer();
            assertEquals(503, answer.status());
            assertEquals("1", answer.headers().get("retry-after"));
            assertEquals(200, client.get("/").answer().status());
            client.leave();
            edge.settles();
        }
    }

    @Test
    @DisplayName("F5 a client that leaves while its body is unpacked costs nothing")
    void aClientThatLeavesCostsNothing() throws Exception {
        byte[] body = gzip(compressible(5_000_000));
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            for (int i = 0; i < 5; i++) {
                try (RawClient client = edge.connect()) {
                    post(client, "content-encoding: gzip", body).reset();
                }
            }
            edge.settles();
            assertTrue(edge.reports.isEmpty(), edge.reports::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity;q=0",
                "gzip, identity; q=0.000",
                "*;q=0",
                "gzip;q=1.0, *;Q=0",
                "br, IDENTITY;q=0"
            })
    void aClientThatRefusesPlainAnswersGets406(String accepted) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            assertEquals(
                    406, post(client, "accept-encoding: " + accepted, HELLO).answer().status());
            client.send(
                    RawClient.head(
                            "GET / HTTP/1.1", "host: localhost", "accept-encoding: " + accepted));
            assertEquals(406, client.answer().status());
            assertEquals(200, client.get("/").answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip, deflate, br, zstd",
                "br;q=1.0, gzip;q=0.8, *;q=0.1",
                "*;q=0, identity;q=0.001",
                "identity;q=0.5, *;q=0",
                "gzip;q=0",
                "identity",
                "",
                "*"
            })
    void everyOtherClientTakesPlainAnswers(String accepted) throws Exception {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            RawClient.Answer answer = post(client, "accept-encoding: " + accepted, HELLO).answer();
            assertEquals(200, answer.status());
            assertNull(answer.headers().get("content-encoding"));
            assertArrayEquals(HELLO, answer.body());
        }
    }
}

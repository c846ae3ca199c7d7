package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.SeenRequest;
import dev.pillion.sidecar.simulate.Simulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Packed bodies on both sides, on every surface: nobody behind Pillion or before it notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionTest {
    private static final Pattern GOOD_END =
            Pattern.compile("\\[DONE]|message_stop|response\\.completed|event: done|finishReason");

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed =
                TestSidecar.start(
                        TestSidecar.FOUR
                                + "aliases: {house: [anthropic/claude-sonnet-5-5,"
                                + " openai/gpt-6.1-terra]}\n");
    }

    @BeforeEach
    void calm() {
        vendors().forEach(vendor -> vendor.faults().clear());
        bed.sidecar.health().forget();
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    private List<Simulator> vendors() {
        return List.of(bed.anthropic, bed.openai, bed.gemini, bed.xai);
    }

    private SeenRequest lastOf(String model) {
        Simulator vendor =
                switch (model.substring(0, model.indexOf('/'))) {
                    case "anthropic" -> bed.anthropic;
                    case "openai" -> bed.openai;
                    default -> bed.gemini;
                };
        SeenRequest seen = vendor.log().last();
        assertNotNull(seen);
        return seen;
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Every surface, passed through and translated, streamed and not. */
    static Stream<Arguments> ways() {
        List<Arguments> all = new ArrayList<>();
        for (Way way : Way.values()) {
            for (String model : List.of(way.own, way.other)) {
                all.add(Arguments.of(way, model, false));
                if (way.streams()) {
                    all.add(Arguments.of(way, model, true));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aPackedRequestIsServedAsIfItHadComePlain(Way way, String model, boolean stream)
            throws Exception {
        String path = way.path(model, stream);
        String body = way.body(model, "hello packed world", stream);
        HttpResponse<String> plain = bed.post(path, body);
        SeenRequest plainSeen = lastOf(model);
        HttpResponse<String> packed = bed.post(path, gzip(body), "content-encoding", "gzip");
        SeenRequest packedSeen = lastOf(model);
        assertEquals(200, packed.statusCode(), packed.body());
        assertEquals(plainSeen.body(), packedSeen.body());
        assertEquals(plainSeen.path(), packedSeen.path());
        assertEquals("identity", packedSeen.header("accept-encoding"));
        assertEquals(Integer.toString(packedSeen.bodyBytes()), packedSeen.header("content-length"));
        assertEquals(shape(plain.body()), shape(packed.body()));
    }

    @ParameterizedTest
    @MethodSource("ways")
    @DisplayName("F15: a vendor that packs unasked is read as it comes, and its answer goes plain")
    void aPackedAnswerIsHandedOnPlain(Way way, String model, boolean stream) throws Exception {
        String path = way.path(model, stream);
        String body = way.body(model, "hello packed answer", stream);
        HttpResponse<String> plain = bed.post(path, body);
        vendors().forEach(vendor -> vendor.faults().always(new Misbehaviour.Gzip()));
        HttpResponse<String> packed =
                bed.post(path, body, "accept-encoding", "gzip, deflate, br, zstd");
        assertEquals(200, packed.statusCode(), packed.body());
        assertEquals(shape(plain.body()), shape(packed.body()));
        assertTrue(packed.headers().firstValue("content-encoding").isEmpty());
        assertEquals("identity", lastOf(model).header("accept-encoding"));
    }

    /** Without what is new in each answer: ids, times, and what stands for both in a stream. */
    private static String shape(String body) {
        return body.replaceAll("[A-Za-z0-9_-]*[0-9][A-Za-z0-9_=.+/-]*", "#");
    }

    @ParameterizedTest
    @MethodSource("ways")
    @DisplayName("F12: a packed answer that breaks off is a cut answer")
    void aCutPackedAnswerIsNoGoodEnd(Way way, String model, boolean stream) throws Exception {
        for (Simulator vendor : vendors()) {
            vendor.faults().always(new Misbehaviour.Gzip());
            vendor.faults().always(new Misbehaviour.Break(2, Misbehaviour.How.CLOSE));
        }
        HttpResponse<String> cut =
                bed.post(
                        way.path(model, stream),
                        way.body(model, "a question with many words, for many events", stream));
        assertTrue(cut.statusCode() >= 500 || cut.body().contains("rror"), cut.body());
        assertFalse(GOOD_END.matcher(cut.body()).find(), cut.body());
    }

    /** Every surface with streams, passed through and translated. */
    static Stream<Arguments> streams() {
        return ways().filter(way -> (boolean) way.get()[2]);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void deltasOfAPackedStreamGoOutAsTheyCome(Way way, String model, boolean stream)
            throws Exception {
        for (Simulator vendor : vendors()) {
            vendor.faults().always(new Misbehaviour.Gzip());
            vendor.faults().always(new Misbehaviour.Break(8, Misbehaviour.How.HANG));
        }
        HttpRequest ask =
                HttpRequest.newBuilder(bed.uri(way.path(model, stream)))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        way.body(model, "a question for eight events", stream)))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            var answer = http.send(ask, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                assertEquals(200, answer.statusCode());
                byte[] seen = body.readNBytes(200);
                assertEquals(200, seen.length);
                assertEquals(SeenRequest.Outcome.OPEN, lastOf(model).outcome());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCodingThatNobodyUnpacksGets415InTheSurfacesShape(Way way) throws Exception {
        HttpResponse<String> answer =
                bed.post(
                        way.path(way.own, false),
                        way.body(way.own, "hello", false),
                        "content-encoding",
                        "br");
        assertEquals(415, answer.statusCode());
        assertEquals("gzip, deflate", answer.headers().firstValue("accept-encoding").orElse(""));
        assertEquals("false", answer.headers().firstValue("x-should-retry").orElse(""));
        assertFalse(way.errorType(answer.body()).isEmpty(), answer.body());
        assertTrue(answer.body().contains("content-encoding br"), answer.body());
    }

    @Test
    @DisplayName("F17: a vendor whose coding nobody can read is passed by")
    void anUnreadableAnswerGoesElsewhere() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.Brotli());
        String ask = "{\"model\":\"house\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        HttpResponse<String> answer = bed.post("/v1/generate", ask);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                "upstream_protocol",
                TestSidecar.json(answer).at("/route/attempts/0/outcome").asText(),
                answer.body());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anUnreadableAnswerIsTheVendorsFault(Way way) throws Exception {
        vendors().forEach(vendor -> vendor.faults().always(new Misbehaviour.Brotli()));
        HttpResponse<String> answer =
                bed.post(way.path(way.own, false), way.body(way.own, "hello", false));
        assertEquals(502, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("content-encoding br"), answer.body());
    }

    @Test
    @DisplayName("F36: usage of a packed stream is accounted for like that of a plain one")
    void usageOfAPackedStreamIsSeen() throws Exception {
        TestSidecar other = TestSidecar.start(TestSidecar.FOUR);
        try (other) {
            String body = Way.MESSAGES.body(Way.MESSAGES.own, "hello usage", true);
            other.post("/v1/messages", body);
            other.anthropic.faults().always(new Misbehaviour.Gzip());
            other.post("/v1/messages", gzip(body), "content-encoding", "gzip");
        }
        List<String> counts = other.log().lines().map(CompressionTest::counts).toList();
        assertEquals(2, counts.size());
        assertEquals(counts.get(0), counts.get(1));
        assertTrue(counts.get(0).matches("\"input_tokens\":[1-9].*"), counts::toString);
    }

    private static String counts(String logLine) {
        return logLine.replaceAll(".*(\"input_tokens\":[^}]*?)\"web_.*", "$1");
    }
}

package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MisbehaviourTest {
    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.ORDERED);
    }

    @AfterEach
    void mend() {
        bed.anthropic.faults().clear();
        bed.openai.faults().clear();
        bed.sidecar.health().forget();
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    private static String ask(boolean stream, String words) {
        return "{\"class\":\"balanced\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(stream, words);
    }

    static Stream<Misbehaviour> beforeContent() {
        return Stream.of(
                new Misbehaviour.Status(500),
                new Misbehaviour.Status(502, RetryHint.NONE, Duration.ZERO, true),
                new Misbehaviour.Status(503),
                new Misbehaviour.Status(529),
                new Misbehaviour.Status(429),
                new Misbehaviour.Status(401),
                new Misbehaviour.ErrorEvent(0, 529),
                new Misbehaviour.Break(-1, Misbehaviour.How.CLOSE),
                new Misbehaviour.Break(-1, Misbehaviour.How.RESET),
                new Misbehaviour.Break(-1, Misbehaviour.How.HANG),
                new Misbehaviour.Break(0, Misbehaviour.How.CLOSE),
                new Misbehaviour.Break(0, Misbehaviour.How.RESET),
                new Misbehaviour.Break(0, Misbehaviour.How.HANG),
                new Misbehaviour.GarbageHttp(),
                new Misbehaviour.GarbageJson(),
                new Misbehaviour.EmptyBody());
    }

    @ParameterizedTest
    @MethodSource("beforeContent")
    @DisplayName("F13 F17 F20: what breaks before content is answered by another vendor, streamed")
    void streamedItGoesElsewhere(Misbehaviour what) throws Exception {
        bed.anthropic.faults().always(what);
        Folded folded = Folded.of(bed.post("/v1/generate", ask(true, "hello")).body());
        assertEquals("done", folded.events().getLast(), folded.last().toString());
        assertEquals("openai", folded.last().path("route").path("provider").asText());
        assertTrue(folded.content().toString().contains("hello"), folded.content().toString());
    }

    @ParameterizedTest
    @MethodSource("beforeContent")
    @DisplayName("F17 F20: what breaks before content is answered by another vendor, unstreamed")
    void unstreamedItGoesElsewhere(Misbehaviour what) throws Exception {
        bed.anthropic.faults().always(what);
        HttpResponse<String> answer = bed.post("/v1/generate", ask(false, "hello"));
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("openai", answer.headers().firstValue("x-pillion-provider").orElse(""));
    }

    @Test
    @DisplayName("F12 F17: a stream that ends well-formed, but without any event, goes elsewhere")
    void anEmptyStreamGoesElsewhere() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.Break(0, Misbehaviour.How.END));
        Folded folded = Folded.of(bed.post("/v1/generate", ask(true, "hello")).body());
        assertEquals("openai", folded.last().path("route").path("provider").asText());
    }

    static Stream<Misbehaviour> inTheMiddle() {
        return Stream.of(
                new Misbehaviour.ErrorEvent(10, 529),
                new Misbehaviour.Break(10, Misbehaviour.How.CLOSE),
                new Misbehaviour.Break(10, Misbehaviour.How.RESET),
                new Misbehaviour.Break(10, Misbehaviour.How.HANG),
                new Misbehaviour.Break(10, Misbehaviour.How.END));
    }

    @ParameterizedTest
    @MethodSource("inTheMiddle")
    @DisplayName("F12 F14 F16: what breaks after content ends in exactly one error")
    void afterContentItIsOneError(Misbehaviour what) throws Exception {
        bed.anthropic.faults().always(what);
        long asked = bed.openai.log().requestCount();
        Folded folded =
                Folded.of(
                        bed.post(
                                        "/v1/generate",
                                        ask(
                                                true,
                                                "a rather long question, so that the answer has"
                                                        + " many words"))
                                .body());
        assertEquals("error", folded.events().getLast());
        assertEquals(1, folded.events().stream().filter("error"::equals).count());
        JsonNode error = folded.last().path("error");
        assertEquals("anthropic", error.path("provider").asText(), error.toString());
        assertEquals(1, error.path("attempts").size(), error.toString());
        assertFalse(folded.events().contains("done"));
        assertTrue(folded.events().contains("text"));
        assertEquals(asked, bed.openai.log().requestCount(), "nobody else is asked");
    }

    @Test
    @DisplayName("F17: a vendor that refuses connections is passed by")
    void refusedConnectionsGoElsewhere() throws Exception {
        bed.anthropic.faults().refuse();
        HttpResponse<String> answer = bed.post("/v1/generate", ask(false, "hello"));
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("2", answer.headers().firstValue("x-pillion-attempts").orElse(""));
    }

    @Test
    @DisplayName("F9: a vendor that never closes after its last event holds nobody")
    void aVendorThatNeverClosesHoldsNobody() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.NeverEnds(true));
        Folded folded = Folded.of(bed.post("/v1/generate", ask(true, "hello")).body());
        assertEquals("done", folded.events().getLast());
    }

    @Test
    @DisplayName("F18: a prompt too long goes to a larger window, or is told as such")
    void aPromptTooLongIsNoInvalidRequest() throws Exception {
        bed.anthropic.faults().always(new Misbehaviour.PromptTooLong());
        HttpResponse<String> answer = bed.post("/v1/generate", ask(false, "hello"));
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("openai", answer.headers().firstValue("x-pillion-provider").orElse(""));
    }

    @Test
    @DisplayName("F7: the vendor's call ends when the client leaves in the middle of a stream")
    void aClientThatLeavesEndsTheCall() throws Exception {
        long before = bed.anthropic.log().cancelledCount();
        bed.anthropic.faults().always(new Misbehaviour.Slow(200));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), bed.uri("/").getPort())) {
            byte[] body = ask(true, "hello").getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream()
                    .write(
                            ("POST /v1/generate HTTP/1.1\r\nhost: localhost\r\ncontent-length: "
                                            + body.length
                                            + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            InputStream in = socket.getInputStream();
            assertEquals('H', in.read());
        }
        assertTrue(
                bed.anthropic
                        .log()
                        .await(Duration.ofSeconds(10), log -> log.cancelledCount() == before + 1));
    }

    @Test
    @DisplayName("F52: a configuration that is half wrong changes nothing")
    void aBadConfigurationChangesNothing() throws Exception {
        String good = Files.readString(bed.configFile());
        Files.writeString(bed.configFile(), good + "\nroutng: {}\n");
        Settings.Result refused = bed.sidecar.reload();
        assertEquals(1, refused.problems().size());
        assertTrue(refused.problems().getFirst().contains("did you mean 'routing'"));
        assertEquals(200, bed.post("/v1/generate", ask(false, "still there?")).statusCode());
        Files.writeString(bed.configFile(), good);
        assertEquals(List.of(), bed.sidecar.reload().problems());
        bed.diagnostics.clear();
    }
}

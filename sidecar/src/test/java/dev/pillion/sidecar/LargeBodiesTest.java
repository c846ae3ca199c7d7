package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.Misbehaviour;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F6: ten megabytes go both ways on every surface, and more than the limit is told as such. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeBodiesTest {
    private static final int LARGE_BYTES = 10_000_000;
    private static final int TOO_LARGE_BYTES = (32 << 20) + 1;
    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR.replace("2s", "60s"));
    }

    @AfterEach
    void nothingIsHeld() {
        Stream.of(bed.anthropic, bed.openai, bed.gemini).forEach(v -> v.faults().clear());
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(0, bed.sidecar.bodies().heldBytes());
        assertEquals(List.of(), bed.diagnostics);
    }

    private static String padded(String body, int bytes) {
        return "{" + " ".repeat(bytes) + body.substring(1);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("F6 a request of 10 MB passes, as it is and translated")
    void largeRequestsPass(Way way) throws Exception {
        for (String model : List.of(way.own, way.other)) {
            String body = padded(way.body(model, "hello", false), LARGE_BYTES);
            HttpResponse<String> answer = bed.post(way.path(model, false), body);
            assertEquals(200, answer.statusCode(), answer.body());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"GENERATE", "CHAT", "RESPONSES", "MESSAGES", "GENERATE_CONTENT"})
    @DisplayName("F6 a reply of 10 MB passes, as it is and translated")
    void largeRepliesPass(Way way) throws Exception {
        for (String model : List.of(way.own, way.other)) {
            Stream.of(bed.anthropic, bed.openai, bed.gemini)
                    .forEach(vendor -> vendor.faults().always(new Misbehaviour.Huge(10)));
            HttpResponse<String> answer =
                    bed.post(way.path(model, false), way.body(model, "hello", false));
            assertEquals(200, answer.statusCode());
            assertTrue(answer.body().length() > LARGE_BYTES, () -> "" + answer.body().length());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("F6 a request above the limit gets 413 in the surface's shape")
    void tooLargeRequestsAreRefused(Way way) throws Exception {
        String body = padded(way.body(way.own, "hello", false), TOO_LARGE_BYTES);
        HttpResponse<String> answer = bed.post(way.path(way.own, false), body);
        assertEquals(413, answer.statusCode(), answer.body());
        assertFalse(way.errorType(answer.body()).isEmpty(), answer.body());
        assertTrue(answer.body().contains(Integer.toString(32 << 20)), answer.body());
        assertEquals("false", answer.headers().firstValue("x-should-retry").orElse(""));
    }
}

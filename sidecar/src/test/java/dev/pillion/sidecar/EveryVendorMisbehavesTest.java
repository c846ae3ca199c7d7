package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried on Anthropic by {@link MisbehaviourTest}, tried on the other vendors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryVendorMisbehavesTest {
    private static final String SPARE = "anthropic/claude-sonnet-5-5";
    private static final String CONFIG =
            TestSidecar.FOUR
                    + """
                    aliases:
                      try-openai: [openai/gpt-6.1-terra, anthropic/claude-sonnet-5-5]
                      try-gemini: [gemini/gemini-4-hydrogen, anthropic/claude-sonnet-5-5]
                      try-xai: [xai/grok-4.6, anthropic/claude-sonnet-5-5]
                    """;

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(CONFIG);
    }

    @AfterEach
    void mend() {
        Stream.of(bed.openai, bed.gemini, bed.xai).forEach(vendor -> vendor.faults().clear());
        bed.sidecar.health().forget();
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertFalse(bed.log().contains("canary"), "a key stands in the log");
        assertEquals(List.of(), bed.diagnostics);
    }

    private Simulator vendor(String name) {
        return switch (name) {
            case "openai" -> bed.openai;
            case "gemini" -> bed.gemini;
            default -> bed.xai;
        };
    }

    private static String ask(String vendor, boolean stream, String words) {
        return """
        {"model":"try-%s","stream":%s,"messages":[{"role":"user","content":"%s"}]}\
        """
                .formatted(vendor, stream, words);
    }

    /** But for silence, which takes its time, and is the same whoever is silent. */
    private static Stream<Arguments> everywhere(Stream<Misbehaviour> all) {
        var cases = new ArrayList<Arguments>();
        all.filter(what -> !(what instanceof Break(_, var how) && how == How.HANG))
                .forEach(what ->
                        Stream.of("openai", "gemini", "xai")
                                .forEach(v -> cases.add(Arguments.of(v, what))));
        return cases.stream();
    }

    static Stream<Arguments> beforeContent() {
        return everywhere(MisbehaviourTest.beforeContent());
    }

    /** Gemini begins with content, so that what comes after an event comes after content. */
    static Stream<Arguments> beforeStreamedContent() {
        return beforeContent().filter(each -> !afterGeminisFirst(each));
    }

    private static boolean afterGeminisFirst(Arguments each) {
        return each.get()[0].equals("gemini") && each.get()[1] instanceof Misbehaviour.GarbageJson;
    }

    static Stream<Arguments> inTheMiddle() {
        return Stream.concat(
                everywhere(MisbehaviourTest.inTheMiddle()),
                Stream.of(Arguments.of("gemini", new Misbehaviour.GarbageJson())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("beforeStreamedContent")
    @DisplayName("F13 F17 F20: what breaks before content is answered by another vendor, streamed")
    void streamedItGoesElsewhere(String vendor, Misbehaviour what) throws Exception {
        vendor(vendor).faults().always(what);
        long asked = vendor(vendor).log().requestCount();
        Folded folded = Folded.of(bed.post("/v1/generate", ask(vendor, true, "hello")).body());
        assertEquals("done", folded.events().getLast(), folded.last().toString());
        assertEquals(SPARE, served(folded));
        assertTrue(folded.content().toString().contains("hello"), folded.content().toString());
        assertTrue(vendor(vendor).log().requestCount() > asked, vendor + " was not asked");
    }

    private static String served(Folded folded) {
        var route = folded.last().path("route");
        return route.path("provider").asText() + "/" + route.path("model").asText();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("beforeContent")
    @DisplayName("F17 F20: what breaks before content is answered by another vendor, unstreamed")
    void unstreamedItGoesElsewhere(String vendor, Misbehaviour what) throws Exception {
        vendor(vendor).faults().always(what);
        var answer = bed.post("/v1/generate", ask(vendor, false, "hello"));
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("anthropic", answer.headers().firstValue("x-pillion-provider").orElse(""));
        assertTrue(TestSidecar.json(answer).at("/route/attempts").size() >= 2, answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "gemini", "xai"})
    @DisplayName("F12 F17: a stream that ends well-formed, but without any event, goes elsewhere")
    void anEmptyStreamGoesElsewhere(String vendor) throws Exception {
        vendor(vendor).faults().always(new Break(0, How.END));
        Folded folded = Folded.of(bed.post("/v1/generate", ask(vendor, true, "hello")).body());
        assertEquals(SPARE, served(folded));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("inTheMiddle")
    @DisplayName("F12 F14 F16: what breaks after content ends in exactly one error")
    void afterContentItIsOneError(String vendor, Misbehaviour what) throws Exception {
        vendor(vendor).faults().always(what);
        long asked = bed.anthropic.log().requestCount();
        var words = "a rather long question, so that the answer has many words and many events";
        Folded folded = Folded.of(bed.post("/v1/generate", ask(vendor, true, words)).body());
        assertEquals("error", folded.events().getLast(), folded.toString());
        assertEquals(1, folded.events().stream().filter("error"::equals).count());
        assertFalse(folded.events().contains("done"));
        assertFalse(folded.content().isEmpty(), folded.events().toString());
        assertEquals(asked, bed.anthropic.log().requestCount(), "nobody else is asked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "gemini", "xai"})
    @DisplayName("F17: a vendor that refuses connections is passed by")
    void refusedConnectionsGoElsewhere(String vendor) throws Exception {
        vendor(vendor).faults().refuse();
        var answer = bed.post("/v1/generate", ask(vendor, false, "hello"));
        vendor(vendor).faults().accept();
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("2", answer.headers().firstValue("x-pillion-attempts").orElse(""));
    }
}

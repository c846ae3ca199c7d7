package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.Outline;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Recorded exchanges go through as they are, both ways. */
class RecordedPassthroughTest {
    private static final GeminiPassthrough PASSTHROUGH = new GeminiPassthrough();
    private static final String OTHER = "other:mödel";

    private static Surface surface(Recording recording, String query, String body) {
        String path = recording.path().replaceAll("[<>]|\\?.*", "");
        return new Surface(path, query, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String query(Recording recording) {
        int mark = recording.path().indexOf('?');
        return mark < 0 ? null : recording.path().substring(mark + 1);
    }

    private static byte[] sent(UpstreamCall call) {
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        return sent.toByteArray();
    }

    @Test
    @DisplayName("F28 F29 F31 F49: every recorded request goes through byte for byte")
    void everyRecordedRequestGoesThroughByteForByte() {
        int passed = 0;
        for (Recording recording : GeminiRecordedAnswersTest.recordings()) {
            for (String body :
                    List.of(
                            recording.requestBody().toString(),
                            " \n" + recording.requestBody().toPrettyString() + "\n")) {
                String asked = query(recording);
                String with = asked == null ? "key=secret" : "key=secret&" + asked;
                Surface surface = surface(recording, with, body);
                Outline outline = new GeminiDialect().outline(surface);
                assertTrue(PASSTHROUGH.fits(outline, GeminiSamples.OLD), recording.id());
                UpstreamCall call = PASSTHROUGH.call(surface, outline, OTHER);
                if (!recording.requestBody().has("model")) {
                    assertArrayEquals(surface.body(), sent(call), recording.id());
                }
                String method = recording.path().replaceAll(".*:|\\?.*", "");
                assertEquals(
                        "/v1beta/models/other%3Am%C3%B6del:"
                                + method
                                + (asked == null ? "" : "?" + asked),
                        call.path());
                assertEquals(method.startsWith("stream"), call.stream());
                passed++;
            }
        }
        System.out.printf("gemini requests: %d spellings passed through, 0 translated%n", passed);
    }

    @Test
    @DisplayName("F11 F14 F15 F31: every recorded answer goes through as it is, however it is cut")
    void everyRecordedAnswerGoesThroughAsItIs() {
        int streams = 0;
        int arrays = 0;
        int whole = 0;
        for (Recording recording : GeminiRecordedAnswersTest.recordings()) {
            if (!recording.isOk()) {
                continue;
            }
            boolean array = recording.body() != null && recording.body().isArray();
            String text =
                    recording.isStream()
                            ? recording.text()
                            : array
                                    ? recording.body().toPrettyString()
                                    : recording.body().toString();
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ReplyFold fold = GeminiRecordedAnswersTest.decode(recording, null);
            assertNull(fold.fault(), recording.id());
            for (int round = 0; round < 3; round++) {
                var tap = tap(recording, array);
                String out = through(tap, bytes, new Random(recording.id().hashCode() + round));
                assertNull(tap.fault(), recording.id());
                Usage usage = tap.usage() == null ? Usage.NONE : tap.usage();
                assertEquals(fold.usage(), usage, recording.id());
                assertEquals(fold.stop(), tap.stop(), recording.id());
                assertEquals(text.strip(), out.strip(), recording.id());
            }
            streams += recording.isStream() ? 1 : 0;
            arrays += array ? 1 : 0;
            whole += recording.isStream() || array ? 0 : 1;
        }
        System.out.printf(
                "gemini answers passed through: %d streams, %d arrays, %d whole%n",
                streams, arrays, whole);
    }

    private static ReplyTap tap(Recording recording, boolean array) {
        var headers = Headers.builder();
        recording.replyHeaders().forEach(headers::add);
        String method = recording.isStream() || array ? GeminiSurface.STREAM : GeminiSurface.WHOLE;
        return tap(method, array ? null : "alt=sse", headers.build());
    }

    private static ReplyTap tap(String path, String query, Headers reply) {
        Surface client = GeminiSurface.surface(path, query, "{'contents':[]}");
        return PASSTHROUGH.tap(new GeminiDialect().outline(client), reply);
    }

    /** What goes out is always whole events, or ends with an element. */
    private static String through(ReplyTap tap, byte[] bytes, Random random) {
        var all = new ByteSink();
        int most = 1 + random.nextInt(random.nextBoolean() ? 8 : 700);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
            var out = new ByteSink();
            tap.body(ByteBuffer.wrap(bytes.clone(), at, length), out);
            String piece = new String(out.toByteArray(), StandardCharsets.UTF_8);
            assertTrue(
                    piece.isEmpty()
                            || piece.endsWith("\n\n")
                            || piece.endsWith("\r\n\r\n")
                            || piece.endsWith("}")
                            || tap.finished(),
                    piece);
            assertTrue(piece.isEmpty() || tap.content() || tap.finished(), "held back till then");
            all.write(out.array(), 0, out.size());
            at += length;
        }
        tap.end(all);
        return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }

    private static final String SAYS =
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a]}\\\"[\"}]}}]}";
    private static final String ENDS =
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},"
                    + "\"finishReason\":\"%s\"}],\"usageMetadata\":{\"promptTokenCount\":7}}";

    private static String array(String... elements) {
        return "[" + String.join("\n,\r\n", elements) + "\n]";
    }

    @Test
    @DisplayName("F12: a stream that is cut, broken or closed without a reason ends in a fault")
    void aStreamThatIsCutEndsInAFault() {
        String ok = array(SAYS, ENDS.formatted("STOP"));
        for (int cut = 0; cut < ok.length(); cut++) {
            var tap = tap(GeminiSurface.STREAM, null, Headers.NONE);
            byte[] bytes = ok.substring(0, cut).getBytes(StandardCharsets.UTF_8);
            String out = through(tap, bytes, new Random(cut));
            boolean complete = cut > ok.lastIndexOf('}');
            assertEquals(complete, tap.fault() == null, ok.substring(0, cut));
            String got = complete ? out : out.isEmpty() ? "[]" : out + "]";
            assertEquals(complete ? 2 : out.isEmpty() ? 0 : 1, Corpus.json(got).size());
            assertEquals(complete, tap.stop() != null);
        }
        for (String bad :
                List.of(
                        "[]",
                        "{}",
                        "data: " + SAYS + "\n\n",
                        array(SAYS),
                        array(SAYS, "{\"candidates\":nonsense}"),
                        array(SAYS, "{\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}"))) {
            var tap = tap(GeminiSurface.STREAM, null, Headers.NONE);
            through(tap, bad.getBytes(StandardCharsets.UTF_8), new Random(1));
            assertNotNull(tap.fault(), bad);
            assertFalse(tap.finished(), bad);
        }
    }

    @Test
    @DisplayName("F15: comments and closing marks are understood, and kept from SDKs that are not")
    void commentsAndClosingMarksAreUnderstood() {
        for (String eol : List.of("\n", "\r\n", "\r")) {
            String first = "data: " + SAYS + eol + eol;
            String last = "data: " + ENDS.formatted("MAX_TOKENS") + eol + eol;
            String noise = ": ping" + eol + eol;
            String stream = noise + first + noise + last + "data: [DONE]" + eol + eol;
            for (int size : new int[] {1, 7, 10_000}) {
                var tap = tap(GeminiSurface.STREAM, "alt=sse", Headers.NONE);
                var out = new ByteSink();
                byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
                for (int at = 0; at < bytes.length; at += size) {
                    int length = Math.min(size, bytes.length - at);
                    tap.body(ByteBuffer.wrap(bytes.clone(), at, length), out);
                }
                tap.end(out);
                assertEquals(first + last, new String(out.toByteArray(), StandardCharsets.UTF_8));
                assertEquals("MAX_TOKENS", String.valueOf(tap.stop().reason()));
                assertEquals(7, tap.usage().inputTokens());
            }
        }
    }

    @Test
    @DisplayName("F11 F13: what is no answer is a fault while there is no content")
    void whatIsNoAnswerIsAFault() {
        String blocked = "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}";
        String malformed = "{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}";
        assertEquals("REFUSAL", whole(blocked));
        assertEquals("REFUSAL", whole(ENDS.formatted("SAFETY")));
        assertEquals("MAX_TOKENS", whole(ENDS.formatted("MAX_TOKENS")));
        assertEquals("END", whole("{\"candidates\":[{\"finishReason\":\"STOP\"}]}"));
        assertEquals("REFUSAL", whole(ENDS.formatted("MALFORMED_FUNCTION_CALL")));
        assertEquals("fault", whole(malformed));
        assertEquals("fault", whole(SAYS));
        assertEquals("fault", whole("{}"));
        assertEquals("fault", whole("[" + ENDS.formatted("STOP") + "]"));
    }

    private static String whole(String body) {
        var tap = tap(GeminiSurface.WHOLE, null, Headers.NONE);
        through(tap, body.getBytes(StandardCharsets.UTF_8), new Random(1));
        return tap.fault() == null ? String.valueOf(tap.stop().reason()) : "fault";
    }

    private static UpstreamCall call(String path, String query, String body, String model) {
        Surface client = GeminiSurface.surface(path, query, body);
        return PASSTHROUGH.call(client, new GeminiDialect().outline(client), model);
    }

    @Test
    @DisplayName("F49: versions and queries are the client's, credentials and models are not")
    void versionsAndQueriesAreTheClients() {
        String body = "{'contents':[],'model':'models/class:fast','unheard':1.50e0}";
        UpstreamCall chosen =
                call(
                        "/v1/models/class%3Afast:generateContent",
                        "a=b&key=secret&access%5Ftoken=secret&prettyPrint=false", body, "gemini-9");
        assertEquals(
                "/v1beta/models/gemini-9:generateContent?a=b&prettyPrint=false", chosen.path());
        assertEquals(
                body.replace('\'', '"').replace("class:fast", "gemini-9"),
                new String(sent(chosen), StandardCharsets.UTF_8));
        for (String version : List.of("v1", "v1beta", "v1alpha")) {
            String path = "/" + version + "/models/gemini-9:streamGenerateContent";
            UpstreamCall named =
                    call(path, "alt=sse", "{'contents':[],'model':'gemini-9'}", "gemini-9");
            assertEquals(path + "?alt=sse", named.path());
            assertEquals(
                    "{\"contents\":[],\"model\":\"gemini-9\"}",
                    new String(sent(named), StandardCharsets.UTF_8));
        }
    }

    @Test
    @DisplayName("F28: calls without a signature are translated for models that want one")
    void callsWithoutASignatureAreTranslatedForModelsThatWantOne() {
        String body =
                "{'contents':[{'parts':[{'text':'a'}]},{'role':'model','parts':["
                        + "{'functionCall':{'name':'f'}}]}]}";
        Outline outline =
                new GeminiDialect().outline(GeminiSurface.surface(GeminiSurface.WHOLE, null, body));
        assertTrue(PASSTHROUGH.fits(outline, GeminiSamples.OLD));
        assertFalse(PASSTHROUGH.fits(outline, GeminiSamples.NEW));
    }
}

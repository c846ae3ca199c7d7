package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Recorded exchanges of the Responses API go through as they are, both ways. */
class RecordedPassthroughTest {
    private static final ResponsesPassthrough PASSTHROUGH = new ResponsesPassthrough();
    private static final EncodeContext CONTEXT = SurfaceRecordingsTest.context("other/mödel\"");

    private static Surface surface(String body) {
        return new Surface(
                "/v1/responses",
                Headers.of("openai-beta", "unheard=1"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("F49: every recorded request goes through byte for byte but for the model's name")
    void everyRecordedRequestGoesThroughByteForByte() {
        int passed = 0;
        int all = 0;
        Map<String, Integer> others = new TreeMap<>();
        for (Recording recording : SurfaceRecordingsTest.recordings("openai")) {
            for (String body :
                    List.of(
                            recording.requestBody().toString(),
                            " \n" + recording.requestBody().toPrettyString() + "\n")) {
                all++;
                Surface surface = surface(body);
                Outline outline;
                try {
                    outline = new ResponsesDialect().outline(surface);
                } catch (FaultException e) {
                    others.merge("refused: " + e.getMessage(), 1, Integer::sum);
                    continue;
                }
                if (!PASSTHROUGH.fits(outline, CONTEXT.model())) {
                    others.merge("translated: " + recording.id(), 1, Integer::sum);
                    continue;
                }
                passesThrough(recording, surface, outline);
                passed++;
            }
        }
        System.out.printf("responses requests: %d of %d spellings passed through%n", passed, all);
        others.forEach((why, count) -> System.out.println("  " + count + " " + why));
    }

    private static void passesThrough(Recording recording, Surface surface, Outline outline) {
        String id = recording.id();
        UpstreamCall call = PASSTHROUGH.call(surface, outline, CONTEXT.model().id());
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        byte[] came = surface.body();
        int start = outline.modelStart();
        int end = outline.modelEnd();
        byte[] name = "\"other/mödel\\\"\"".getBytes(StandardCharsets.UTF_8);
        if (recording.requestBody().path("model").isTextual()) {
            var want = new ByteSink();
            want.write(came, 0, start);
            want.write(name, 0, name.length);
            want.write(came, end, came.length - end);
            assertArrayEquals(want.toByteArray(), sent.toByteArray(), id);
            String was = new String(came, start, end - start, StandardCharsets.UTF_8);
            assertEquals(recording.requestBody().get("model"), Corpus.json(was), id);
        } else {
            assertEquals(came.length + 9 + name.length, sent.size(), id);
        }
        assertEquals("/responses", call.path());
        assertEquals("unheard=1", call.headers().get("openai-beta"));
    }

    @Test
    @DisplayName("F14 F15: every recorded answer goes through as it is, however it is cut")
    void everyRecordedAnswerGoesThroughAsItIs() {
        int streams = 0;
        int whole = 0;
        int broken = 0;
        for (Recording recording : SurfaceRecordingsTest.recordings("openai")) {
            if (!recording.isOk() || (!recording.isStream() && recording.body() == null)) {
                continue;
            }
            boolean stream = recording.isStream();
            String text = stream ? recording.text() : recording.body().toString();
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ReplyFold fold = fold(bytes);
            for (int round = 0; round < 3; round++) {
                var random = new Random(recording.id().hashCode() + round);
                ReplyTap tap = PASSTHROUGH.tap(outline(stream), Headers.NONE);
                String out = tap(tap, bytes, random);
                if (fold.fault() == null || tap.usage() != null) {
                    assertEquals(fold.usage(), tap.usage(), recording.id());
                }
                Stop stop = tap.stop();
                if (stop != null && stop.isLater()) {
                    assertNull(tap.fault(), recording.id());
                    assertNull(tap.usage(), recording.id());
                    continue;
                }
                if (fold.fault() != null) {
                    assertNotNull(tap.fault(), recording.id());
                    continue;
                }
                assertNull(tap.fault(), recording.id());
                assertTrue(tap.finished() && tap.content(), recording.id());
                assertEquals(fold.stop(), tap.stop(), recording.id());
                assertEquals(text.stripTrailing(), out.stripTrailing(), recording.id());
            }
            broken += fold.fault() == null ? 0 : 1;
            streams += fold.fault() == null && stream ? 1 : 0;
            whole += fold.fault() == null && !stream ? 1 : 0;
        }
        System.out.printf(
                "responses answers passed through: %d streams, %d whole; %d broken as recorded%n",
                streams, whole, broken);
    }

    private static Outline outline(boolean stream) {
        return new ResponsesDialect()
                .outline(surface("{\"model\":\"m\",\"stream\":" + stream + ",\"input\":\"hi\"}"));
    }

    private static ReplyFold fold(byte[] bytes) {
        ChatRequest request =
                new ResponsesDialect().decode(surface("{\"model\":\"m\",\"input\":\"hi\"}"));
        var decoder = ResponsesCodec.decoder(request, CONTEXT, ResponsesQuirks.OPENAI);
        List<ChatEvent> events = new ArrayList<>();
        decoder.body(ByteBuffer.wrap(bytes.clone()), events::add);
        decoder.end(events::add);
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        return fold;
    }

    private static String tap(ReplyTap tap, byte[] bytes, Random random) {
        var all = new ByteSink();
        int most = 1 + random.nextInt(random.nextBoolean() ? 8 : 700);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
            var out = new ByteSink();
            tap.body(ByteBuffer.wrap(bytes.clone(), at, length), out);
            assertTrue(out.isEmpty() || tap.content(), "held back till then");
            all.write(out.array(), 0, out.size());
            at += length;
        }
        tap.end(all);
        return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }

    private static boolean passes(String rest) {
        String body = "{\"model\":\"m\"," + rest + "}";
        return PASSTHROUGH.fits(new ResponsesDialect().outline(surface(body)), CONTEXT.model());
    }

    @Test
    void whatOnlyPillionCanReadIsTranslated() {
        assertTrue(passes("\"input\":\"hi\""));
        assertFalse(passes("\"input\":\"hi\",\"max_output_tokens\":5"));
        assertTrue(passes("\"input\":\"hi\",\"background\":true"));
        assertFalse(passes("\"input\":\"hi\",\"seed\":5"));
        String turn =
                "\"input\":[{\"role\":\"user\",\"content\":\"hi\"},{\"type\":\"reasoning\","
                        + "\"id\":\"%s\",\"summary\":[],\"encrypted_content\":\"%s\"},"
                        + "{\"role\":\"user\",\"content\":\"go on\"}]";
        String wrapped = Seals.write(new Seal("anthropic", "main", null, "x"));
        assertTrue(passes(turn.formatted("rs_1", "gAAA=")));
        assertFalse(passes(turn.formatted("rs_1", wrapped)));
        assertFalse(passes(turn.formatted("rs_pln_1_0", "gAAA=")));
        assertFalse(PASSTHROUGH.reaches("a-compatible-server"));
    }
}

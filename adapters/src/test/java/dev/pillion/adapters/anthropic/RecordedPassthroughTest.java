package dev.pillion.adapters.anthropic;

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
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Recorded messages go through as they are, both ways. */
class RecordedPassthroughTest {
    private static final AnthropicPassthrough PASSTHROUGH = new AnthropicPassthrough();
    private static final String OTHER = "other/mödel\"";

    private static Headers headers(Map<String, String> recorded) {
        var headers = Headers.builder();
        recorded.forEach(headers::add);
        return headers.build();
    }

    @Test
    @DisplayName("F49: every recorded request goes through byte for byte but for the model's name")
    void everyRecordedRequestGoesThroughByteForByte() {
        int passed = 0;
        int translated = 0;
        int refused = 0;
        for (Recording recording : Corpus.read("anthropic.jsonl", "messages")) {
            if (recording.requestBody() == null || !recording.requestBody().has("model")) {
                refused++;
                continue;
            }
            for (String body :
                    List.of(
                            recording.requestBody().toString(),
                            " \n" + recording.requestBody().toPrettyString() + "\n")) {
                var surface =
                        new Surface(
                                "/v1/messages",
                                "beta=true",
                                headers(recording.requestHeaders()),
                                body.getBytes(StandardCharsets.UTF_8));
                Outline outline = new AnthropicDialect().outline(surface);
                if (!PASSTHROUGH.fits(outline, Samples.MODEL)) {
                    translated++;
                    continue;
                }
                passesThrough(recording, surface, outline);
                passed++;
            }
        }
        System.out.printf(
                "messages requests: %d of %d spellings passed through, %d translated, %d refused%n",
                passed, passed + translated + refused, translated, refused);
        assertEquals(0, translated, "the history of its own answers needs no translation");
    }

    private static void passesThrough(Recording recording, Surface surface, Outline outline) {
        String id = recording.id();
        UpstreamCall call = PASSTHROUGH.call(surface, outline, OTHER);
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        byte[] came = surface.body();
        var want = new ByteSink();
        want.write(came, 0, outline.modelStart());
        byte[] name =
                Corpus.json("\"other/mödel\\\"\"").toString().getBytes(StandardCharsets.UTF_8);
        want.write(name, 0, name.length);
        want.write(came, outline.modelEnd(), came.length - outline.modelEnd());
        assertArrayEquals(want.toByteArray(), sent.toByteArray(), id);
        String was =
                new String(
                        came,
                        outline.modelStart(),
                        outline.modelEnd() - outline.modelStart(),
                        StandardCharsets.UTF_8);
        assertEquals(recording.requestBody().get("model"), Corpus.json(was), id);
        assertEquals("/v1/messages?beta=true", call.path());
        assertEquals(
                surface.headers().all("anthropic-beta"), call.headers().all("anthropic-beta"), id);
        String version = surface.headers().get("anthropic-version");
        assertEquals(
                version == null ? "2023-06-01" : version,
                call.headers().get("anthropic-version"),
                id);
    }

    @Test
    @DisplayName("F14 F15: every recorded answer goes through as it is, however it is cut")
    void everyRecordedAnswerGoesThroughAsItIs() {
        int streams = 0;
        int whole = 0;
        int broken = 0;
        for (Recording recording : Corpus.read("anthropic.jsonl", "messages")) {
            if (!recording.isOk()) {
                continue;
            }
            boolean stream = recording.isStream();
            String text = stream ? recording.text() : recording.body().toString();
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ReplyFold fold = Samples.fold(decode(recording, bytes));
            for (int round = 0; round < 3; round++) {
                var random = new Random(recording.id().hashCode() + round);
                var tap = PASSTHROUGH.tap(outline(stream), headers(recording.replyHeaders()));
                String out = tap(tap, bytes, random);
                if (fold.fault() != null) {
                    assertNotNull(tap.fault(), recording.id());
                    continue;
                }
                assertNull(tap.fault(), recording.id());
                assertTrue(tap.finished() && tap.content(), recording.id());
                assertEquals(fold.usage(), tap.usage(), recording.id());
                assertEquals(fold.stop(), tap.stop(), recording.id());
                assertEquals(text.stripTrailing(), out.stripTrailing(), recording.id());
            }
            broken += fold.fault() == null ? 0 : 1;
            streams += fold.fault() == null && stream ? 1 : 0;
            whole += fold.fault() == null && !stream ? 1 : 0;
        }
        System.out.printf(
                "messages answers passed through: %d streams, %d whole; %d broken as recorded%n",
                streams, whole, broken);
    }

    private static Outline outline(boolean stream) {
        String body = "{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[]}";
        return new AnthropicDialect()
                .outline(
                        new Surface(
                                "/v1/messages",
                                Headers.NONE,
                                body.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<ChatEvent> decode(Recording recording, byte[] bytes) {
        String model = recording.requestBody().path("model").asText();
        var context = new EncodeContext(CorpusModels.of(model), "anthropic", "main", false);
        var decoder =
                new AnthropicProvider()
                        .decoder(
                                Samples.ask(Samples.user("hi")).request(),
                                context,
                                headers(recording.replyHeaders()));
        List<ChatEvent> events = new ArrayList<>();
        decoder.body(ByteBuffer.wrap(bytes.clone()), events::add);
        decoder.end(events::add);
        return events;
    }

    private static String tap(ReplyTap tap, byte[] bytes, Random random) {
        var all = new ByteSink();
        int most = 1 + random.nextInt(random.nextBoolean() ? 8 : 700);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
            var out = new ByteSink();
            tap.body(ByteBuffer.wrap(bytes.clone(), at, length), out);
            String frames = new String(out.toByteArray(), StandardCharsets.UTF_8);
            assertTrue(frames.isEmpty() || frames.endsWith("\n\n") || frames.endsWith("\r\n\r\n"));
            assertTrue(frames.isEmpty() || tap.content() || tap.finished(), "held back till then");
            all.write(out.array(), 0, out.size());
            at += length;
        }
        tap.end(all);
        return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }

    private static boolean passes(String messages) {
        String body = "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[" + messages + "]}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        var surface = new Surface("/v1/messages", Headers.NONE, bytes);
        return PASSTHROUGH.fits(new AnthropicDialect().outline(surface), Samples.MODEL);
    }

    @Test
    void whatOnlyPillionCanReadIsTranslated() {
        String user = "{\"role\":\"user\",\"content\":\"hi\"}";
        String turn = user + ",{\"role\":\"assistant\",\"content\":[%s]}," + user;
        assertTrue(passes(user));
        assertTrue(passes("{\"role\":\"user\",\"content\":\"say \\\"pillion:\\\"\"}"));
        String own = "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"EqQ=\"}";
        assertTrue(passes(turn.formatted(own)));
        String none = "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"\"}";
        assertFalse(passes(turn.formatted(none)));
        String wrapped = Seals.write(new Seal("openai", "main", null, "x"));
        assertFalse(passes(turn.formatted(own.replace("EqQ=", wrapped))));
        String call = "{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"f\",\"input\":{}}";
        assertTrue(passes(turn.formatted(call.formatted("call_1"))));
        assertFalse(passes(turn.formatted(call.formatted("call/1"))));
    }
}

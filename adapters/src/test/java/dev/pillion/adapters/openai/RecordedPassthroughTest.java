package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded requests and streams go through as they are, but for what must change. */
class RecordedPassthroughTest {
    private static final OpenAiPassthrough PASSTHROUGH = new OpenAiPassthrough();

    @ParameterizedTest
    @ValueSource(strings = {"openai", "other", "xai"})
    @DisplayName("F49: every recorded request goes through byte for byte but for the splices")
    void everyRecordedRequestGoesThroughByteForByte(String provider) {
        int count = 0;
        for (Recorded recorded : Recorded.of(provider)) {
            for (byte[] body : spellings(recorded.request())) {
                passesThrough(recorded, body);
            }
            count++;
        }
        System.out.printf("chat.completions requests of %s passed through: %d%n", provider, count);
    }

    private static List<byte[]> spellings(JsonNode request) {
        byte[] pretty = (" \n" + request.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        return List.of(Json.bytes(request), pretty);
    }

    private static void passesThrough(Recorded recorded, byte[] body) {
        var surface = new Surface("/v1/chat/completions", Headers.NONE, body);
        Outline outline = new OpenAiChatDialect().outline(surface);
        assertEquals(recorded.request().path("model").asText(), outline.model(), recorded.id());
        UpstreamCall call = PASSTHROUGH.call(surface, outline, "other/mödel\"");
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        JsonNode got = Recorded.parse(new String(sent.toByteArray(), StandardCharsets.UTF_8));
        ObjectNode want = recorded.request().deepCopy();
        want.put("model", "other/mödel\"");
        boolean asks = want.path("stream_options").path("include_usage").asBoolean();
        assertEquals(asks, outline.usageAsked(), recorded.id());
        if (want.path("stream").asBoolean() && !asks) {
            if (!want.path("stream_options").isObject()) {
                want.putObject("stream_options");
            }
            ((ObjectNode) want.get("stream_options")).put("include_usage", true);
        }
        assertEquals(want, got, recorded.id());
        keepsTheRest(body, sent.toByteArray(), recorded.id());
    }

    /** What is sent is what came, with at most three short pieces put in. */
    private static void keepsTheRest(byte[] came, byte[] sent, String id) {
        int at = 0;
        int other = 0;
        int edits = 0;
        while (at < came.length) {
            if (other < sent.length && came[at] == sent[other]) {
                at++;
                other++;
                continue;
            }
            edits++;
            int back = Math.max(0, at - 12);
            int[] next = resume(came, back, sent, other);
            at = next[0];
            other = next[1];
        }
        assertTrue(edits <= 3, id + ": " + edits + " edits");
    }

    /** Where both go on alike again: after a model's name, a value or a member put in. */
    private static int[] resume(byte[] came, int from, byte[] sent, int to) {
        for (int a = from + 12; a < Math.min(came.length, from + 120); a++) {
            for (int b = to; b < Math.min(sent.length, to + 120); b++) {
                int alike = Math.min(24, Math.min(came.length - a, sent.length - b));
                if (alike > 0 && Arrays.equals(came, a, a + alike, sent, b, b + alike)) {
                    return new int[] {a, b};
                }
            }
        }
        throw new AssertionError("the body was written anew");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "other", "xai"})
    @DisplayName("F14 F15: every recorded stream goes through event for event, however it is cut")
    void everyRecordedStreamGoesThroughEventForEvent(String provider) {
        int streams = 0;
        int whole = 0;
        for (Recorded recorded : Recorded.of(provider)) {
            if (recorded.status() != 200) {
                continue;
            }
            var random = new Random(recorded.id().hashCode());
            var tap = new ChatTap(recorded.streamed(), false);
            String out = Chunks.tap(tap, Chunks.of(recorded.answerBytes(), random));
            ReplyFold fold =
                    Chunks.fold(
                            Chunks.decode(
                                    new ChatDecoder("audio/wav"),
                                    Chunks.whole(recorded.answerBytes())));
            assertEquals(fold.fault() == null, tap.fault() == null, recorded.id());
            if (fold.fault() != null) {
                assertFalse(out.contains("\"error\""), recorded.id());
                continue;
            }
            assertTrue(tap.finished() || tap.finishing(), recorded.id());
            assertEquals(fold.usage(), tap.usage() == null ? fold.usage() : tap.usage());
            assertEquals(fold.stop().reason(), tap.stop().reason(), recorded.id());
            if (recorded.streamed()) {
                streams++;
                sameEvents(data(recorded.answerText()), data(out), recorded.id());
                withheld(recorded, random);
            } else {
                whole++;
                assertEquals(
                        new String(recorded.answerBytes(), StandardCharsets.UTF_8),
                        out,
                        recorded.id());
            }
        }
        System.out.printf(
                "chat.completions answers of %s passed through: %d streams, %d whole%n",
                provider, streams, whole);
    }

    /** The same when the client asked for no usage: only the extra usage chunk is missing. */
    private static void withheld(Recorded recorded, Random random) {
        var tap = new ChatTap(true, true);
        String out = Chunks.tap(tap, Chunks.of(recorded.answerBytes(), random));
        assertNull(tap.fault(), recorded.id());
        List<String> want = new ArrayList<>(data(recorded.answerText()));
        want.removeIf(RecordedPassthroughTest::isUsageChunk);
        sameEvents(want, data(out), recorded.id());
    }

    private static void sameEvents(List<String> want, List<String> got, String id) {
        for (int i = 0; i < Math.min(want.size(), got.size()); i++) {
            assertEquals(want.get(i), got.get(i), id + ", event " + i);
        }
        assertEquals(want.size(), got.size(), id);
    }

    private static boolean isUsageChunk(String data) {
        if (data.equals("[DONE]")) {
            return false;
        }
        JsonNode chunk = Recorded.parse(data);
        return chunk.path("usage").isObject()
                && chunk.path("choices").isArray()
                && chunk.path("choices").isEmpty();
    }

    private static List<String> data(String sse) {
        return sse.lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> line.substring(5).strip())
                .toList();
    }
}

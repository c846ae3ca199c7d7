package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded answers, written for this surface's clients and read again, say the same. */
class RoundTripTest {
    private static final ReplyContext CONTEXT = context("{\"messages\":[]}", true);

    private static ReplyContext context(String body, boolean usageAsked) {
        var surface =
                new Surface(
                        "/v1/chat/completions",
                        Headers.NONE,
                        body.getBytes(StandardCharsets.UTF_8));
        return new ReplyContext("r1", "gpt-6-luna", 1_795_000_000L, usageAsked, surface);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "other", "xai"})
    @DisplayName(
            "F10 F11 F25 F26 F34: an answer is the same streamed and whole, on this surface too")
    void anAnswerIsTheSameStreamedAndWhole(String provider) {
        int count = 0;
        for (Recorded recorded : Recorded.of(provider)) {
            if (recorded.status() != 200) {
                continue;
            }
            List<ChatEvent> events =
                    Chunks.decode(
                            new ChatDecoder("audio/wav"), Chunks.whole(recorded.answerBytes()));
            ReplyFold fold = Chunks.fold(events);
            if (fold.fault() != null) {
                continue;
            }
            String whole = whole(fold);
            String stream = stream(events, fold);
            wellFormed(stream, recorded.id());
            assertEquals(said(fold), said(Chunks.fold(Chunks.decode(whole))), recorded.id());
            assertEquals(said(fold), said(Chunks.fold(Chunks.decode(stream))), recorded.id());
            count++;
        }
        System.out.printf("answers of %s written and read again: %d%n", provider, count);
    }

    private static Ending ending(ReplyFold fold) {
        return new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
    }

    private static String whole(ReplyFold fold) {
        var reply = new ChatReply(fold.id(), fold.model(), fold.content(), ending(fold));
        return new String(ReplyWriter.write(reply, CONTEXT), StandardCharsets.UTF_8);
    }

    private static String stream(List<ChatEvent> events, ReplyFold fold) {
        var encoder = new ChunkEncoder(CONTEXT);
        var out = new ByteSink();
        for (ChatEvent event : events) {
            if (!(event instanceof ChatEvent.Finished)) {
                encoder.event(event, out);
            }
            encoder.keepAlive(out);
        }
        encoder.finish(ending(fold), out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    /** What the official accumulators demand of a stream. */
    private static void wellFormed(String stream, String id) {
        List<String> data = new ArrayList<>();
        stream.lines().filter(l -> l.startsWith("data: ")).forEach(l -> data.add(l.substring(6)));
        assertEquals("[DONE]", data.removeLast(), id);
        JsonNode usage = Recorded.parse(data.removeLast());
        assertTrue(usage.path("choices").isArray() && usage.path("choices").isEmpty(), id);
        assertTrue(usage.path("usage").path("total_tokens").isNumber(), id);
        JsonNode first = Recorded.parse(data.getFirst()).path("choices").path(0).path("delta");
        assertEquals("assistant", first.path("role").asText(), id);
        JsonNode last = Recorded.parse(data.removeLast()).path("choices").path(0);
        assertTrue(last.path("finish_reason").isTextual(), id);
        for (String chunk : data) {
            JsonNode node = Recorded.parse(chunk);
            assertFalse(node.has("error"), id);
            assertTrue(node.path("choices").path(0).path("finish_reason").isNull(), id);
            assertTrue(node.path("usage").isNull(), id);
            for (JsonNode call : node.path("choices").path(0).path("delta").path("tool_calls")) {
                assertTrue(call.path("index").isInt(), id);
            }
        }
    }

    /** All that this surface can say; texts as one, as it has them. */
    private static List<String> said(ReplyFold fold) {
        List<String> said = new ArrayList<>();
        var text = new StringBuilder();
        var thinking = new StringBuilder();
        for (Part part : fold.content()) {
            switch (part) {
                case Part.Text one -> {
                    int shift = text.codePointCount(0, text.length());
                    one.citations()
                            .forEach(c ->
                                    said.add(
                                            (c.start() + shift)
                                                    + "-"
                                                    + (c.end() + shift)
                                                    + " "
                                                    + c.url()));
                    text.append(Marks.isRefusal(one) ? "REFUSED " : "").append(one.text());
                }
                case Part.Thinking one -> thinking.append(one.text());
                case Part.ToolCall call ->
                        said.add(call.id() + " " + call.name() + " " + call.arguments());
                case Part.Audio audio -> said.add("audio " + audio.source());
                default -> throw new AssertionError(part);
            }
        }
        said.add(text.toString());
        said.add(thinking.toString());
        said.add(fold.stop().reason().toString());
        said.add(fold.usage().inputTokens() + " " + fold.usage().outputTokens());
        return said;
    }
}

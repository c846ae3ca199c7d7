package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.GeminiAnswers;
import dev.pillion.adapters.corpus.GeminiReading;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.Sse;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every recorded answer, decoded and written again on the surface, whole and streamed. */
class GeminiRewrittenAnswersTest {
    private static final Meaning MEANING = new Meaning(List.of());
    private static final String THOUGHTS =
            "{'contents':[],'generationConfig':{'thinkingConfig':{'includeThoughts':true}}}";
    private static final String PLAIN = "{'contents':[]}";

    private final List<String> wrong = new ArrayList<>();

    private static List<Recording> recordings() {
        List<Recording> all = new ArrayList<>();
        for (String file : List.of("gemini.jsonl", "other.jsonl")) {
            all.addAll(Corpus.read(file, "generateContent"));
            all.addAll(Corpus.read(file, "streamGenerateContent"));
        }
        return all.stream().filter(Recording::isOk).toList();
    }

    private static List<ChatEvent> events(Recording recording) {
        String text = recording.isStream() ? recording.text() : recording.body().toString();
        var headers = Headers.builder();
        recording.replyHeaders().forEach(headers::add);
        ReplyDecoder decoder =
                new GeminiProvider()
                        .decoder(
                                GeminiSamples.hi(),
                                GeminiSamples.context(GeminiSamples.NEW),
                                headers.build());
        List<ChatEvent> events = new ArrayList<>();
        decoder.body(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), events::add);
        decoder.end(events::add);
        return events;
    }

    private static ReplyFold fold(List<ChatEvent> events) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        return fold;
    }

    private static Ending ending(ReplyFold fold) {
        return new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
    }

    private static JsonNode whole(List<ChatEvent> events, Surface client) {
        ReplyFold fold = fold(events);
        var reply = new ChatReply("id", "m", fold.content(), ending(fold));
        return Corpus.json(GeminiSurface.DIALECT.reply(reply, GeminiSurface.context(client)));
    }

    private static List<JsonNode> stream(List<ChatEvent> events, Surface client) {
        ReplyEncoder encoder = GeminiSurface.DIALECT.encoder(GeminiSurface.context(client));
        var out = new ByteSink();
        for (ChatEvent event : events) {
            // As the flow hands them on: usage, sources and the end come with the ending.
            boolean kept =
                    event instanceof ChatEvent.UsageSeen
                            || event instanceof ChatEvent.SourceSeen
                            || event instanceof ChatEvent.Finished;
            if (!kept) {
                encoder.event(event, out);
            }
        }
        encoder.finish(ending(fold(events)), out);
        return Sse.data(new String(out.toByteArray(), StandardCharsets.UTF_8));
    }

    private void differ(Recording recording, String what, JsonNode expected, JsonNode actual) {
        MEANING.differences(expected, actual).forEach(d -> wrong.add(recording + " " + what + d));
    }

    @Test
    @DisplayName("F11 F25 F26 F35 F43 F46: every recorded answer says the same when written again")
    void everyRecordedAnswerSaysTheSameWhenWrittenAgain() {
        Surface client = GeminiSurface.surface(GeminiSurface.STREAM, "alt=sse", THOUGHTS);
        int supports = 0;
        List<Recording> recordings = recordings();
        for (Recording recording : recordings) {
            List<ChatEvent> events = events(recording);
            ObjectNode expected = GeminiReading.of(GeminiAnswers.chunks(recording));
            List<JsonNode> whole = List.of(whole(events, client));
            List<JsonNode> stream = stream(events, client);
            differ(recording, "whole ", expected, GeminiReading.of(whole));
            differ(recording, "stream ", expected, GeminiReading.of(stream));
            GeminiReading.wrongOffsets(whole).forEach(w -> wrong.add(recording + " " + w));
            GeminiReading.wrongOffsets(stream).forEach(w -> wrong.add(recording + " " + w));
            supports += expected.path("supports").size();
        }
        System.out.printf(
                "gemini answers written again: %d, each whole and streamed, %d supports, %d"
                        + " differences%n",
                recordings.size(), supports, wrong.size());
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    @Test
    @DisplayName("F28 F29: the state of every recorded answer comes back through a client")
    void theStateOfEveryRecordedAnswerComesBack() {
        int sealed = 0;
        for (String ask : List.of(PLAIN, THOUGHTS)) {
            Surface client = GeminiSurface.surface(GeminiSurface.STREAM, "alt=sse", ask);
            for (Recording recording : recordings()) {
                List<ChatEvent> events = events(recording);
                List<Part> expected = kept(fold(events).content(), ask.equals(THOUGHTS));
                sealed += (int) expected.stream().filter(part -> part.seal() != null).count();
                ArrayNode contents = JsonNodeFactory.instance.arrayNode();
                contents.add(whole(events, client).at("/candidates/0/content"));
                assertEquals(expected, back(contents), recording.id() + " whole");
                ArrayNode pieces = JsonNodeFactory.instance.arrayNode();
                stream(events, client).forEach(c -> pieces.add(c.at("/candidates/0/content")));
                assertEquals(expected, back(pieces), recording.id() + " streamed");
            }
        }
        System.out.printf("gemini answers echoed: %d seals back in their place%n", sealed);
        assertTrue(sealed > 0);
    }

    /** What goes back: no citations, nothing beside the content, no thinking that was not shown. */
    private static List<Part> kept(List<Part> content, boolean shown) {
        List<Part> kept = new ArrayList<>();
        for (Part part : content) {
            boolean beside =
                    part instanceof Part.VendorItem item
                            && (item.item().has("groundingMetadata")
                                    || item.item().has("urlContextMetadata"));
            boolean hidden = part instanceof Part.Thinking && part.seal() == null && !shown;
            boolean empty = part.equals(new Part.Text(""));
            if (part instanceof Part.Text text && !empty) {
                kept.add(new Part.Text(text.text(), List.of(), text.seal(), null, text.extras()));
            } else if (!beside && !hidden && !empty) {
                kept.add(part);
            }
        }
        return kept;
    }

    private static List<Part> back(ArrayNode contents) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("contents", contents);
        byte[] utf8 = body.toString().getBytes(StandardCharsets.UTF_8);
        var messages =
                GeminiSurface.DIALECT
                        .decode(new Surface(GeminiSurface.WHOLE, Headers.NONE, utf8))
                        .messages();
        return messages.isEmpty() ? List.of() : kept(messages.getFirst().content(), true);
    }
}

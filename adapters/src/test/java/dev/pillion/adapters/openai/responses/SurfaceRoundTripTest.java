package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.ResponsesRules;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded answers, written for this surface's clients, and sent back by them. */
class SurfaceRoundTripTest {
    private static final Meaning ITEMS = new Meaning(ResponsesRules.ITEMS);
    private static final EncodeContext CONTEXT = SurfaceRecordingsTest.context("gpt-6-luna");
    private static final ChatRequest ASKED = decode("{\"input\":\"x\"}");

    /** One recording was written by hand: its status is no word of the format's. */
    private static final String MISSPELT = "complete";

    private static final ReplyContext REPLY = context("{\"input\":\"x\"}");

    static ChatRequest decode(String body) {
        return new ResponsesDialect().decode(surface(body));
    }

    static Surface surface(String body) {
        return new Surface("/v1/responses", Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    static ReplyContext context(String body) {
        return new ReplyContext("r1", "gpt-6-luna", 1_795_000_000L, true, surface(body));
    }

    private static List<ChatEvent> events(Recording recording) {
        ResponsesQuirks quirks =
                recording.provider().equals("xai") ? ResponsesQuirks.XAI : ResponsesQuirks.OPENAI;
        ReplyDecoder decoder = ResponsesCodec.decoder(ASKED, CONTEXT, quirks);
        String text = recording.isStream() ? recording.text() : recording.body().toString();
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

    static Ending ending(ReplyFold fold) {
        return new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
    }

    static JsonNode whole(ReplyFold fold, ReplyContext context) {
        var reply = new ChatReply(fold.id(), fold.model(), fold.content(), ending(fold));
        byte[] bytes = new ResponsesDialect().reply(reply, context);
        return Accumulated.json(new String(bytes, StandardCharsets.UTF_8));
    }

    static String stream(List<ChatEvent> events, ReplyContext context) {
        var encoder = new ResponsesDialect().encoder(context);
        var out = new ByteSink();
        for (ChatEvent event : events) {
            if (!(event instanceof ChatEvent.Finished)) {
                encoder.event(event, out);
            }
            encoder.keepAlive(out);
        }
        encoder.finish(ending(fold(events)), out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "xai", "other"})
    @DisplayName(
            "F10 F11 F25 F26 F34 F43 F46: a recorded answer says the same here, streamed and whole")
    void aRecordedAnswerSaysTheSameHereStreamedAndWhole(String provider) {
        int whole = 0;
        int streams = 0;
        int faults = 0;
        for (Recording recording : Corpus.read(provider + ".jsonl", "responses")) {
            if (!recording.isOk()) {
                continue;
            }
            List<ChatEvent> events = events(recording);
            ReplyFold fold = fold(events);
            if (fold.fault() != null) {
                faults++;
                continue;
            }
            String id = recording.id();
            JsonNode folded = whole(fold, REPLY);
            Accumulated streamed = Accumulated.of(stream(events, REPLY));
            assertEquals(folded, streamed.response, id);
            JsonNode said = Spoken.response(recording);
            boolean own = !provider.equals("xai"); // Theirs travel unseen.
            List<String> expected = Spoken.words(said, own);
            expected.replaceAll(word -> word.equals(MISSPELT) ? "completed" : word);
            List<String> actual = Spoken.words(folded, own);
            if (provider.equals("xai")) {
                expected.replaceAll(SurfaceRoundTripTest::untitled);
                actual.replaceAll(SurfaceRoundTripTest::untitled);
            }
            assertEquals(expected, actual, id);
            whole += recording.isStream() ? 0 : 1;
            streams += recording.isStream() ? 1 : 0;
        }
        System.out.printf(
                "responses answers of %s written here: %d whole and %d streams, each both ways; %d"
                        + " were no answers%n",
                provider, whole, streams, faults);
    }

    /** A number is no title, whatever xAI says. */
    private static String untitled(String word) {
        return word.replaceAll("\"[0-9]*\"$", "\"\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai"})
    @DisplayName("F28 F29: what a client sends back of a recorded answer goes back as it came")
    void whatAClientSendsBackOfARecordedAnswerGoesBackAsItCame(String provider) {
        int answers = 0;
        int items = 0;
        for (Recording recording : Corpus.read(provider + ".jsonl", "responses")) {
            ReplyFold fold = recording.isOk() ? fold(events(recording)) : new ReplyFold();
            if (fold.stop() == null) {
                continue;
            }
            ArrayNode kept = Accumulated.JSON.createArrayNode();
            for (JsonNode item : Spoken.response(recording).path("output")) {
                boolean stored =
                        item.path("type").asText().equals("reasoning")
                                && !item.hasNonNull("encrypted_content");
                if (!stored) {
                    kept.add(item); // The others are the vendor's alone to find.
                }
            }
            List<String> lost = ITEMS.differences(input(kept), input(sentBack(whole(fold, REPLY))));
            assertTrue(lost.isEmpty(), () -> recording + "\n" + String.join("\n", lost));
            answers++;
            items += kept.size();
        }
        System.out.printf(
                "responses answers of %s sent back: %d, with %d items, all as they came%n",
                provider, answers, items);
    }

    private static ObjectNode input(JsonNode items) {
        return Accumulated.JSON.createObjectNode().set("input", items);
    }

    /** The items as the vendor gets them after a client has put the output into its next input. */
    static JsonNode sentBack(JsonNode response) {
        ChatRequest request = decode(input(response.path("output")).put("model", "m").toString());
        var sent = new ByteSink();
        ResponsesCodec.encode(request, CONTEXT, ResponsesQuirks.OPENAI)
                .body()
                .forEach(slice -> sent.write(slice.duplicate()));
        return Corpus.json(sent.toByteArray()).path("input");
    }
}

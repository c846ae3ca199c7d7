package dev.pillion.adapters.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.corpus.AnthropicAnswers;
import dev.pillion.adapters.corpus.AnthropicMessages;
import dev.pillion.adapters.corpus.AnthropicRules;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Exclusions;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.NeutralReply;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.Sse;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every recorded answer of the vendor, judged by an expectation that shares no code with ours. */
final class RecordedAnswersTest {
    private static final Meaning EXACT = new Meaning(List.of());
    private static final Exclusions EXCLUDED = Exclusions.of("/corpus/anthropic-exclusions.txt");

    private static List<Recording> recordings() {
        return Corpus.read("anthropic.jsonl", "messages");
    }

    private static Headers headers(Recording recording) {
        var headers = Headers.builder();
        recording.replyHeaders().forEach(headers::add);
        return headers.build();
    }

    private static List<ChatEvent> decode(Recording recording, byte[] bytes, Random cuts) {
        String model = recording.requestBody().path("model").asText();
        var context = new EncodeContext(CorpusModels.of(model), "anthropic", "main", false);
        var request = Samples.ask(Samples.user("hi")).request();
        var decoder = new AnthropicProvider().decoder(request, context, headers(recording));
        List<ChatEvent> events = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = cuts == null ? bytes.length : 1 + cuts.nextInt(1 + cuts.nextInt(400));
            length = Math.min(length, bytes.length - at);
            decoder.body(ByteBuffer.wrap(bytes.clone(), at, length), events::add);
            at += length;
        }
        decoder.end(events::add);
        return events;
    }

    private static byte[] bytes(Recording recording) {
        String text = recording.isStream() ? recording.text() : recording.body().toString();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everyRecordedAnswerDecodesToTheRightUniformAnswerHoweverItIsCut() {
        int whole = 0;
        int streams = 0;
        int faults = 0;
        int excluded = 0;
        List<String> wrong = new ArrayList<>();
        var seeds = new Random(20261122);
        for (Recording recording : recordings()) {
            if (EXCLUDED.excludes(recording)) {
                excluded++;
            } else if (!recording.isOk()) {
                faults++;
                checkFault(recording, wrong);
            } else {
                ObjectNode expected = AnthropicAnswers.expected(AnthropicMessages.of(recording));
                int rounds = recording.isStream() ? 5 : 2;
                for (int round = 0; round < rounds; round++) {
                    Random cuts = round == 0 ? null : new Random(seeds.nextLong());
                    var fold = Samples.fold(decode(recording, bytes(recording), cuts));
                    EXACT.differences(expected, NeutralReply.of(fold))
                            .forEach(d -> wrong.add(recording + " " + d));
                }
                whole += recording.isStream() ? 0 : 1;
                streams += recording.isStream() ? 1 : 0;
            }
        }
        int all = whole + streams + faults + excluded;
        System.out.printf(
                "anthropic answers: %d of %d decoded right (%d whole, %d streams, %d errors),"
                        + " %d excluded%n",
                all - excluded - wrong.size(), all, whole, streams, faults, excluded);
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    private static void checkFault(Recording recording, List<String> wrong) {
        Fault fault =
                new AnthropicProvider()
                        .fault(recording.status(), headers(recording), bytes(recording));
        String message = recording.body().path("error").path("message").asText();
        boolean tooLong = message.startsWith("prompt is too long");
        boolean right =
                switch (recording.status()) {
                    case 400 ->
                            fault.kind()
                                            == (tooLong
                                                    ? FaultKind.CONTEXT_TOO_LONG
                                                    : FaultKind.INVALID_REQUEST)
                                    && fault.origin() == Origin.CALLER;
                    case 401 ->
                            fault.kind() == FaultKind.UNAVAILABLE
                                    && fault.origin() == Origin.CREDENTIAL
                                    && fault.retry() == Retry.ELSEWHERE;
                    case 404 -> fault.kind() == FaultKind.NOT_FOUND;
                    case 529 -> fault.kind() == FaultKind.OVERLOADED;
                    default -> false;
                };
        if (!right) {
            wrong.add(recording + " " + recording.status() + " became " + fault);
        }
    }

    @Test
    void everyRecordedAnswerComesOutOfTheSurfaceAsItCameIn() {
        var meaning = new Meaning(AnthropicRules.REPLY);
        List<String> wrong = new ArrayList<>();
        int answers = 0;
        for (Recording recording : recordings()) {
            if (!recording.isOk() || EXCLUDED.excludes(recording)) {
                continue;
            }
            answers++;
            ObjectNode original = AnthropicMessages.of(recording);
            List<ChatEvent> events = decode(recording, bytes(recording), null);
            String model = original.path("model").asText();
            var context =
                    new ReplyContext(
                            "req_1",
                            model,
                            0,
                            true,
                            new Surface("/v1/messages", Headers.NONE, new byte[0]));
            ReplyFold fold = Samples.fold(events);
            Ending ending =
                    new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
            JsonNode streamed = AnthropicMessages.fold(Sse.data(stream(events, ending, context)));
            var reply = new ChatReply(fold.id(), fold.model(), fold.content(), ending);
            JsonNode whole = Corpus.json(new AnthropicDialect().reply(reply, context));
            meaning.differences(original, streamed)
                    .forEach(d -> wrong.add(recording + " streamed " + d));
            meaning.differences(original, whole).forEach(d -> wrong.add(recording + " whole " + d));
            assertEquals(List.of(), EXACT.differences(whole, streamed), recording.id());
        }
        System.out.printf(
                "anthropic answers through the messages surface: %d of %d come out as they came"
                        + " in%n",
                answers - (int) wrong.stream().map(w -> w.split(" ", 2)[0]).distinct().count(),
                answers);
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    private static String stream(List<ChatEvent> events, Ending ending, ReplyContext context) {
        var encoder = new AnthropicDialect().encoder(context);
        var out = new ByteSink();
        for (ChatEvent event : events) {
            if (!(event instanceof ChatEvent.Finished)) {
                encoder.event(event, out);
            }
        }
        encoder.finish(ending, out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}

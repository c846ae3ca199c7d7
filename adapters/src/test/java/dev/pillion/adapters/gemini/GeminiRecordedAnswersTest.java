package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.GeminiAnswers;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.NeutralReply;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every recorded answer of the vendor, judged by an expectation that shares no code with ours. */
final class GeminiRecordedAnswersTest {
    private static final Meaning MEANING =
            new Meaning(
                    List.of(
                            new Meaning.Rule(
                                    "citation order",
                                    "citations of a part stand in no order",
                                    GeminiRecordedAnswersTest::sortCitations),
                            new Meaning.Rule(
                                    "made ids",
                                    "the vendor gave none",
                                    GeminiRecordedAnswersTest::nameMadeIds)));

    private static void sortCitations(ObjectNode reply) {
        for (JsonNode part : reply.path("parts")) {
            List<JsonNode> sorted = new ArrayList<>();
            part.path("citations").forEach(sorted::add);
            sorted.sort(Comparator.comparing(JsonNode::toString));
            if (!sorted.isEmpty()) {
                ((ObjectNode) part).putArray("citations").addAll(sorted);
            }
        }
    }

    private static void nameMadeIds(ObjectNode reply) {
        for (JsonNode part : reply.path("parts")) {
            if (part.path("id").asText().startsWith("gcall_")) {
                ((ObjectNode) part).put("id", GeminiAnswers.MADE);
            }
        }
    }

    static List<Recording> recordings() {
        List<Recording> all = new ArrayList<>();
        for (String file : List.of("gemini.jsonl", "other.jsonl")) {
            all.addAll(Corpus.read(file, "generateContent"));
            all.addAll(Corpus.read(file, "streamGenerateContent"));
        }
        return all;
    }

    private static Headers headers(Recording recording) {
        var headers = Headers.builder();
        recording.replyHeaders().forEach(headers::add);
        return headers.build();
    }

    private static byte[] bytes(Recording recording) {
        String text = recording.isStream() ? recording.text() : recording.body().toString();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ReplyFold decode(Recording recording, Random cuts) {
        var decoder =
                new GeminiProvider()
                        .decoder(
                                GeminiSamples.hi(),
                                GeminiSamples.context(GeminiSamples.NEW),
                                headers(recording));
        List<ChatEvent> events = new ArrayList<>();
        byte[] bytes = bytes(recording);
        for (int at = 0; at < bytes.length; ) {
            int length = cuts == null ? bytes.length : 1 + cuts.nextInt(1 + cuts.nextInt(900));
            length = Math.min(length, bytes.length - at);
            decoder.body(ByteBuffer.wrap(bytes, at, length), events::add);
            at += length;
        }
        decoder.end(events::add);
        return GeminiSamples.fold(events);
    }

    @Test
    void everyRecordedAnswerDecodesToTheRightUniformAnswerHoweverItIsCut() {
        int whole = 0;
        int streams = 0;
        int arrays = 0;
        int faults = 0;
        Set<String> wrongIds = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        var seeds = new Random(20261122);
        for (Recording recording : recordings()) {
            int before = wrong.size();
            if (!recording.isOk()) {
                faults++;
                checkFault(recording, wrong);
            } else {
                checkAnswer(recording, seeds, wrong);
                boolean array = recording.body() != null && recording.body().isArray();
                streams += recording.isStream() ? 1 : 0;
                arrays += array ? 1 : 0;
                whole += recording.isStream() || array ? 0 : 1;
            }
            if (wrong.size() > before) {
                wrongIds.add(recording.id());
            }
        }
        int all = whole + streams + arrays + faults;
        System.out.printf(
                "gemini answers: %d of %d decoded right (%d whole, %d streams, %d array streams,"
                        + " %d errors)%n",
                all - wrongIds.size(), all, whole, streams, arrays, faults);
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    private static void checkAnswer(Recording recording, Random seeds, List<String> wrong) {
        String tier = recording.replyHeaders().get("x-gemini-service-tier");
        ObjectNode expected = GeminiAnswers.expected(GeminiAnswers.chunks(recording), tier);
        for (int round = 0; round < 4; round++) {
            Random cuts = round == 0 ? null : new Random(seeds.nextLong());
            ReplyFold fold = decode(recording, cuts);
            MEANING.differences(expected, NeutralReply.of(fold))
                    .forEach(d -> wrong.add(recording + " " + d));
        }
    }

    private static void checkFault(Recording recording, List<String> wrong) {
        Fault fault =
                new GeminiProvider()
                        .fault(recording.status(), headers(recording), bytes(recording));
        boolean right =
                switch (recording.status()) {
                    case 400 ->
                            fault.kind() == FaultKind.UNAVAILABLE
                                    && fault.origin() == Origin.CREDENTIAL
                                    && fault.retry() == Retry.ELSEWHERE;
                    case 404 ->
                            fault.kind() == FaultKind.NOT_FOUND && fault.retry() == Retry.ELSEWHERE;
                    case 429 ->
                            fault.kind() == FaultKind.RATE_LIMITED && fault.retryAfter() != null;
                    default -> false;
                };
        if (!right) {
            wrong.add(recording + " " + recording.status() + " became " + fault);
        }
    }

    @Test
    void aCallWithoutAnIdGetsOneThatIsTheSameEachTimeAndOfNoOtherAnswer() {
        Set<String> seen = new HashSet<>();
        int made = 0;
        for (Recording recording : recordings()) {
            if (!recording.isOk() || recording.id().isEmpty()) {
                continue;
            }
            List<String> ids = madeIds(recording, null);
            assertEquals(ids, madeIds(recording, new Random(7)), recording.id());
            String answer = GeminiAnswers.chunks(recording).getFirst().path("responseId").asText();
            for (String id : ids) {
                made++;
                assertTrue(seen.add(answer + " " + id), recording.id());
            }
        }
        assertTrue(made > 0);
    }

    private static List<String> madeIds(Recording recording, Random cuts) {
        List<String> ids = new ArrayList<>();
        for (JsonNode part : NeutralReply.of(decode(recording, cuts)).path("parts")) {
            if (GeminiCallIds.isMade(part.path("id").asText())) {
                ids.add(part.path("id").asText());
            }
        }
        return ids;
    }
}

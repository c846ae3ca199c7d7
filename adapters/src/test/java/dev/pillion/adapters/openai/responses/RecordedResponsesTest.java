package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Exclusions;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.NeutralReply;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.ResponsesAnswers;
import dev.pillion.adapters.openai.Faults;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recorded answer, judged by an expectation that shares no code with the adapter. */
final class RecordedResponsesTest {
    private static final Meaning EXACT = new Meaning(List.of());
    private static final Exclusions EXCLUDED =
            Exclusions.of("/corpus/openai-responses-exclusions.txt");

    private int whole;
    private int streams;
    private int faults;
    private int excluded;
    private final List<String> wrong = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"openai", "other"})
    @DisplayName("F11 F13 F25 F26 F35 F43 F45 F46: every recorded answer decodes to what it says")
    void everyRecordedAnswerDecodesToWhatItSaysHoweverItIsCut(String provider) {
        var seeds = new Random(20261122);
        List<Recording> recordings = Corpus.read(provider + ".jsonl", "responses");
        for (Recording recording : recordings) {
            if (EXCLUDED.excludes(recording)) {
                excluded++;
                checkFails(recording);
            } else if (recording.isOk()) {
                checkAnswer(recording, seeds);
            } else {
                faults++;
                checkFault(recording);
            }
        }
        System.out.printf(
                "responses answers of %s: %d of %d right (%d whole, %d streams, %d errors), %d"
                        + " excluded by id%n",
                provider,
                recordings.size() - excluded - wrong.size(),
                recordings.size(),
                whole,
                streams,
                faults,
                excluded);
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    private void checkAnswer(Recording recording, Random seeds) {
        JsonNode expected = ResponsesAnswers.expected(ResponsesAnswers.response(recording));
        int rounds = recording.isStream() ? 5 : 2;
        for (int round = 0; round < rounds; round++) {
            Random cuts = round == 0 ? null : new Random(seeds.nextLong());
            List<ChatEvent> events = Asked.decode(Asked.decoder(), Asked.bytes(recording), cuts);
            EXACT.differences(expected, NeutralReply.of(Asked.fold(events)))
                    .forEach(d -> wrong.add(recording + " " + d));
            if (count(events, ChatEvent.Started.class) != 1
                    || count(events, ChatEvent.Finished.class) != 1) {
                wrong.add(recording + " does not begin and end once: " + events.getLast());
            }
        }
        if (recording.isStream()) {
            streams++;
            checkStream(recording);
        } else {
            whole++;
        }
    }

    private static long count(List<ChatEvent> events, Class<? extends ChatEvent> type) {
        return events.stream().filter(type::isInstance).count();
    }

    /** A stream folds to what its deltas say, and to what the whole says that its end holds. */
    private void checkStream(Recording recording) {
        ReplyFold streamed =
                Asked.fold(Asked.decode(Asked.decoder(), Asked.bytes(recording), null));
        List<String> texts =
                streamed.content().stream()
                        .filter(Part.Text.class::isInstance)
                        .map(part -> ((Part.Text) part).text())
                        .toList();
        assertEquals(ResponsesAnswers.streamedTexts(recording), texts, recording.id());
        byte[] end =
                ResponsesAnswers.response(recording)
                        .toString()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ReplyFold unstreamed = Asked.fold(Asked.decode(Asked.decoder(), end, null));
        assertEquals(unstreamed.content(), streamed.content(), recording.id());
        assertEquals(unstreamed.sources(), streamed.sources(), recording.id());
        assertEquals(unstreamed.usage(), streamed.usage(), recording.id());
        assertEquals(unstreamed.stop(), streamed.stop(), recording.id());
    }

    /** What is excluded is no answer that could be handed on: it ends as a failure. */
    private void checkFails(Recording recording) {
        List<ChatEvent> events = Asked.decode(Asked.decoder(), Asked.bytes(recording), null);
        if (!(events.getLast() instanceof ChatEvent.Failed)) {
            wrong.add(recording + " is excluded and did not fail");
        }
    }

    private void checkFault(Recording recording) {
        Fault fault =
                Faults.of(recording.status(), Asked.headers(recording), Asked.bytes(recording));
        JsonNode error = recording.body().path("error");
        String code = error.path("code").asText();
        boolean tooLong = error.path("message").asText().contains("exceeds the context window");
        boolean right =
                switch (recording.status()) {
                    case 401 ->
                            fault.kind() == FaultKind.UNAVAILABLE
                                    && fault.origin() == Origin.CREDENTIAL
                                    && fault.retry() == Retry.ELSEWHERE;
                    case 400 ->
                            fault.origin() == Origin.CALLER
                                    && fault.kind()
                                            == (tooLong
                                                    ? FaultKind.CONTEXT_TOO_LONG
                                                    : code.equals("model_not_found")
                                                            ? FaultKind.NOT_FOUND
                                                            : FaultKind.INVALID_REQUEST);
                    default -> false;
                };
        if (!right) {
            wrong.add(recording + " " + recording.status() + " became " + fault);
        }
    }
}

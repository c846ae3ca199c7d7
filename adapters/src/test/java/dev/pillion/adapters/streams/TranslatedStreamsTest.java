package dev.pillion.adapters.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.streams.Answers.Answer;
import dev.pillion.adapters.streams.StreamOrder.End;
import dev.pillion.adapters.streams.Streamed.Form;
import dev.pillion.protocol.chat.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every answer of every vendor, as a stream of every surface. */
final class TranslatedStreamsTest {

    @ParameterizedTest
    @EnumSource(Form.class)
    @DisplayName("F10 F12 F25 F26 F34 F43: a golden answer of any vendor is a stream in order")
    void aGoldenAnswerOfAnyVendorIsAStreamInOrder(Form form) {
        inOrder(Answers.golden(), form);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CHAT", "GEMINI_ARRAY"})
    @DisplayName("F10 F11 F25 F26 F34 F43: a recorded answer of any vendor is a stream in order")
    void aRecordedAnswerOfAnyVendorIsAStreamInOrder(Form form) {
        inOrder(Answers.recorded(), form);
    }

    /** Whether a text is cited when another part has begun: its block may be closed by then. */
    private static boolean citesLate(List<ChatEvent> events) {
        int last = -1;
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.Cited cited && cited.index() < last) {
                return true;
            }
            last =
                    switch (event) {
                        case ChatEvent.TextDelta text -> text.index();
                        case ChatEvent.ThinkingDelta thinking -> thinking.index();
                        case ChatEvent.ToolCallStarted call -> call.index();
                        case ChatEvent.Whole whole -> whole.index();
                        default -> last;
                    };
        }
        return false;
    }

    private static void inOrder(List<Answer> answers, Form form) {
        int finished = 0;
        int failed = 0;
        List<String> wrong = new ArrayList<>();
        for (Answer answer : answers) {
            List<ChatEvent> events = answer.vendor().events(answer.bytes(), answer.stream());
            String stream = Streamed.write(events, form);
            boolean well = events.getLast() instanceof ChatEvent.Finished;
            if (stream.isEmpty()) {
                assertTrue(!well, answer + " is lost");
                continue;
            }
            StreamOrder order = form.judge(stream);
            order.wrong().forEach(what -> wrong.add(answer + " " + what));
            End expected = well ? End.FINISHED : End.ERROR;
            if (order.end() != expected) {
                wrong.add(answer + " ends with " + order.end() + ", not " + expected);
            }
            if (well && !citesLate(events)) {
                JsonNode whole = order.whole(Corpus.json(Streamed.whole(events, form)));
                if (!whole.equals(order.folded())) {
                    wrong.add(answer + " " + order.folded() + " is not the whole: " + whole);
                }
            }
            finished += well ? 1 : 0;
            failed += well ? 0 : 1;
        }
        System.out.printf(
                "%s: %d whole streams, %d broken ones, %d complaints%n",
                form, finished, failed, wrong.size());
        assertEquals(List.of(), wrong.stream().limit(20).toList());
    }
}

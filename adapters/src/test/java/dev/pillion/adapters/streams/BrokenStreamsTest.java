package dev.pillion.adapters.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.streams.Answers.Answer;
import dev.pillion.adapters.streams.StreamOrder.End;
import dev.pillion.adapters.streams.Streamed.Form;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams that break off, between any two events of any vendor, on every surface. */
final class BrokenStreamsTest {
    /** Longer streams break in no other ways. */
    private static final int MAX_FRAMES = 40;

    @ParameterizedTest
    @EnumSource(Form.class)
    @DisplayName("F11 F12: a golden stream cut between any two events ends in one error")
    void aGoldenStreamCutAnywhereEndsInOneError(Form form) {
        cutEverywhere(Answers.golden(), 1, form);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CHAT", "GEMINI_ARRAY"})
    @DisplayName("F11 F12: a recorded stream cut between any two events ends in one error")
    void aRecordedStreamCutAnywhereEndsInOneError(Form form) {
        cutEverywhere(Answers.recorded(), 4, form);
    }

    private static void cutEverywhere(List<Answer> answers, int each, Form form) {
        int cuts = 0;
        int errors = 0;
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < answers.size(); i += each) {
            List<Integer> places = places(answers.get(i));
            for (int place : places.size() > MAX_FRAMES ? List.<Integer>of() : places) {
                cuts++;
                errors += cut(answers.get(i), place, form, wrong) ? 1 : 0;
            }
        }
        System.out.printf("%s: cut in %d places, %d in mid answer%n", form, cuts, errors);
        assertTrue(errors > 0, "nothing was cut in mid answer");
        assertEquals(List.of(), wrong.stream().limit(20).toList());
    }

    /** How many bytes there are before each end of a frame. */
    static List<Integer> places(Answer answer) {
        List<Integer> places = new ArrayList<>();
        String text = answer.stream() ? answer.text() : "";
        String gap = text.contains("\r\n\r\n") ? "\r\n\r\n" : "\n\n";
        for (int at = text.indexOf(gap); at >= 0; at = text.indexOf(gap, at + 1)) {
            int end = at + gap.length();
            places.add(text.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
        }
        return places;
    }

    /** Whether the cut was seen by a client that had content. */
    private static boolean cut(Answer answer, int place, Form form, List<String> wrong) {
        byte[] bytes = Arrays.copyOf(answer.bytes(), place);
        List<ChatEvent> events = answer.vendor().events(bytes, true);
        String stream = Streamed.write(events, form);
        boolean well = events.getLast() instanceof ChatEvent.Finished;
        if (stream.isEmpty()) {
            return false;
        }
        StreamOrder order = form.judge(stream);
        String where = answer + " cut at " + place + ": ";
        order.wrong().forEach(what -> wrong.add(where + what));
        if (order.end() != (well ? End.FINISHED : End.ERROR)) {
            wrong.add(where + "it ends with " + order.end());
        }
        return !well;
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    @DisplayName("F8 F12: what fails after keep-alives and before content is one error, in order")
    void whatFailsWhileTheClientWaitsIsOneError(Form form) {
        for (FaultKind kind : FaultKind.values()) {
            var out = new ByteSink();
            ReplyEncoder encoder = form.encoder();
            encoder.keepAlive(out);
            encoder.keepAlive(out);
            Fault fault = Fault.caller(kind, "what went wrong", "/messages/0");
            encoder.fail(fault, new ErrorContext("r1", "vendor", List.of()), out);
            StreamOrder order = form.judge(Streamed.text(out));
            assertEquals(List.of(), order.wrong(), kind.toString());
            assertEquals(End.ERROR, order.end(), kind.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    @DisplayName("F8: keep-alives may stand between any two events")
    void keepAlivesMayStandBetweenAnyTwoEvents(Form form) {
        for (Answer answer : Answers.golden()) {
            List<ChatEvent> events = answer.vendor().events(answer.bytes(), answer.stream());
            String plain = Streamed.write(events, form);
            if (plain.isEmpty() || !(events.getLast() instanceof ChatEvent.Finished)) {
                continue;
            }
            String kept = Streamed.write(events, form, true);
            StreamOrder order = form.judge(kept);
            assertEquals(List.of(), order.wrong(), answer.toString());
            assertEquals(form.judge(plain).folded(), order.folded(), answer.toString());
        }
    }
}

package dev.pillion.adapters.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.streams.Answers.Answer;
import dev.pillion.adapters.streams.StreamOrder.End;
import dev.pillion.adapters.streams.Streamed.Form;
import dev.pillion.adapters.streams.Streamed.Vendor;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recorded streams that go through and break off between any two of their events. */
final class BrokenPassedStreamsTest {
    /** Longer streams break in no other ways. */
    private static final int MAX_FRAMES = 60;

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "RESPONSES", "MESSAGES", "GEMINI"})
    @DisplayName("F12: a stream that goes through and is cut anywhere ends in one error, in order")
    void aPassedStreamCutAnywhereEndsInOneError(Form form) {
        int errors = 0;
        List<String> wrong = new ArrayList<>();
        for (Answer answer : Answers.recorded()) {
            List<Integer> places = BrokenStreamsTest.places(answer);
            boolean odd = answer.text().contains("native_finish_reason"); // Another server's.
            if (answer.vendor() != vendor(form) || places.size() > MAX_FRAMES || odd) {
                continue;
            }
            for (int place : places) {
                errors += cut(answer, place, form, wrong) ? 1 : 0;
            }
        }
        System.out.printf("%s passed through: broken in mid answer in %d places%n", form, errors);
        assertTrue(errors > 0, "nothing was cut in mid answer");
        assertEquals(List.of(), wrong.stream().limit(20).toList());
    }

    private static Vendor vendor(Form form) {
        return switch (form) {
            case CHAT, CHAT_WITH_USAGE -> Vendor.OPENAI_CHAT;
            case RESPONSES -> Vendor.OPENAI_RESPONSES;
            case GENERATE, MESSAGES -> Vendor.ANTHROPIC;
            case GEMINI, GEMINI_ARRAY -> Vendor.GEMINI;
        };
    }

    private static Surface asked(Form form) {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        String body =
                switch (form) {
                    case RESPONSES -> "{\"model\":\"m\",\"stream\":true,\"input\":\"hi\"}";
                    case GEMINI, GEMINI_ARRAY ->
                            "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
                    case GENERATE, CHAT, CHAT_WITH_USAGE, MESSAGES ->
                            "{\"model\":\"m\",\"stream\":true,\"max_tokens\":9," + messages;
                };
        Surface client = form.context().client();
        return new Surface(
                client.path(), client.query(), Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean cut(Answer answer, int place, Form form, List<String> wrong) {
        Dialect dialect = form.dialect();
        Surface client = asked(form);
        Outline outline = dialect.outline(client);
        var reply = Headers.of("content-type", "text/event-stream");
        ReplyTap tap = Objects.requireNonNull(dialect.passthrough()).tap(outline, reply);
        var out = new ByteSink();
        tap.body(ByteBuffer.wrap(answer.bytes(), 0, place), out);
        tap.end(out);
        Fault fault = tap.fault();
        if (fault == null || !tap.content()) {
            return false; // Whole, or still nothing that a client would have got.
        }
        ReplyEncoder encoder =
                dialect.encoder(new ReplyContext("r1", "m", 1_795_000_000L, false, client));
        encoder.afterOthers(tap.place());
        encoder.fail(fault, new ErrorContext("r1", "vendor", List.of()), out);
        StreamOrder order = order(form).read(Streamed.text(out));
        String where = answer + " cut at " + place + ": ";
        order.wrong().forEach(what -> wrong.add(where + what));
        if (order.end() != End.ERROR) {
            wrong.add(where + "it ends with " + order.end());
        }
        return true;
    }

    private static StreamOrder order(Form form) {
        return switch (form) {
            case CHAT, CHAT_WITH_USAGE -> new ChatOrder(null);
            case RESPONSES -> new ResponsesOrder(false);
            case GENERATE, MESSAGES -> new MessagesOrder();
            case GEMINI, GEMINI_ARRAY -> new GeminiOrder(false);
        };
    }
}

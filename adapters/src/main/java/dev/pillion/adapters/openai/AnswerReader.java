package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseFrame;
import dev.pillion.protocol.wire.SseReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads the body of one answer, an event stream or one JSON object: which of them, its first byte
 * tells, since servers have been seen to answer a stream's request with a JSON error.
 */
public final class AnswerReader implements ReplyDecoder {
    /** Room for a picture of the vendor's in one event. */
    static final int MAX_EVENT_BYTES = 64 << 20;

    static final int MAX_BODY_BYTES = 64 << 20;

    /** What an answer is made of, in one of the two formats. It ends once, by a step or by fail. */
    public interface Steps {

        /** Whether it is over: nothing more is told to it. */
        boolean ended();

        /** One event of a stream. */
        void event(JsonNode event, Consumer<ChatEvent> out);

        /** The marker {@code [DONE]}. */
        void marker(Consumer<ChatEvent> out);

        /** The stream's end, with or without a marker. */
        void end(Consumer<ChatEvent> out);

        /** The whole answer, unstreamed. */
        void whole(JsonNode body, Consumer<ChatEvent> out);

        /** It can't be read on. */
        void fail(Fault fault, Consumer<ChatEvent> out);

        /** As of the decoder. */
        boolean finishing();
    }

    private enum Form {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final SseReader events = new SseReader(MAX_EVENT_BYTES);
    private final ByteSink whole = new ByteSink(256);
    private final Steps answer;
    private Form form = Form.UNKNOWN;

    public AnswerReader(Steps answer) {
        this.answer = answer;
    }

    @Override
    public void body(ByteBuffer piece, Consumer<ChatEvent> out) {
        if (answer.ended()) {
            return;
        }
        if (form == Form.UNKNOWN) {
            form = sniff(piece);
        }
        switch (form) {
            case UNKNOWN -> {}
            case EVENTS -> read(piece, out);
            case WHOLE -> collect(piece, out);
        }
    }

    private static Form sniff(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            byte b = piece.get(piece.position());
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '{' || b == '[' ? Form.WHOLE : Form.EVENTS;
            }
            piece.get();
        }
        return Form.UNKNOWN;
    }

    private void read(ByteBuffer piece, Consumer<ChatEvent> out) {
        try {
            events.read(piece, frame -> frame(frame, out));
        } catch (SseReader.FrameTooLarge e) {
            answer.fail(Fault.protocol("the vendor's stream: " + e.getMessage()), out);
        }
    }

    private void collect(ByteBuffer piece, Consumer<ChatEvent> out) {
        if (whole.size() + (long) piece.remaining() > MAX_BODY_BYTES) {
            answer.fail(
                    Fault.protocol("the vendor's answer is larger than " + MAX_BODY_BYTES), out);
            return;
        }
        whole.write(piece);
    }

    private void frame(SseFrame frame, Consumer<ChatEvent> out) {
        if (answer.ended()) {
            return;
        }
        if (!frame.hasData() || frame.dataLength() == 0) {
            out.accept(new ChatEvent.Ping());
        } else if (isDone(frame)) {
            answer.marker(out);
        } else {
            try {
                answer.event(
                        Json.read(frame.dataBytes(), frame.dataStart(), frame.dataLength()), out);
            } catch (MalformedJson e) {
                answer.fail(
                        Fault.protocol("an event of the vendor is not JSON: " + e.getMessage()),
                        out);
            }
        }
    }

    static boolean isDone(SseFrame frame) {
        byte[] bytes = frame.dataBytes();
        int at = frame.dataStart();
        int end = at + frame.dataLength();
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        return end - at >= 6
                && bytes[at] == '['
                && bytes[at + 1] == 'D'
                && bytes[at + 2] == 'O'
                && bytes[at + 3] == 'N'
                && bytes[at + 4] == 'E'
                && bytes[at + 5] == ']';
    }

    @Override
    public void end(Consumer<ChatEvent> out) {
        if (answer.ended()) {
            return;
        }
        switch (form) {
            case UNKNOWN -> answer.fail(Fault.protocol("the vendor's answer is empty"), out);
            case EVENTS -> {
                events.end(frame -> frame(frame, out));
                answer.end(out);
            }
            case WHOLE -> wholeAnswer(out);
        }
    }

    private void wholeAnswer(Consumer<ChatEvent> out) {
        try {
            answer.whole(Json.read(whole.array(), 0, whole.size()), out);
        } catch (MalformedJson e) {
            answer.fail(Fault.protocol("the vendor's answer is not JSON: " + e.getMessage()), out);
        }
    }

    @Override
    public boolean finishing() {
        return answer.finishing();
    }
}

package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.jspecify.annotations.Nullable;

/**
 * Decodes one answer, an event stream or one JSON object: which of them, its first byte tells,
 * since servers have been seen to answer a stream's request with a JSON error.
 */
final class ChatDecoder implements ReplyDecoder {
    static final int MAX_EVENT_BYTES = 32 << 20;
    static final int MAX_BODY_BYTES = 64 << 20;

    private enum Form {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final SseReader events = new SseReader(MAX_EVENT_BYTES);
    private final ByteSink whole = new ByteSink(256);
    private final Answer answer;
    private Form form = Form.UNKNOWN;

    /** {@code audioType} is the media type of the sound asked for. */
    ChatDecoder(String audioType) {
        this(audioType, null);
    }

    /** {@code schema} is what the answer's text is held to, where the vendor was not made to. */
    ChatDecoder(String audioType, @Nullable ObjectNode schema) {
        this(audioType, schema, Quirks.NONE, null);
    }

    /**
     * @param last what the conversation asked with ended with, where that was the assistant's; null
     *     otherwise
     */
    ChatDecoder(
            String audioType, @Nullable ObjectNode schema, Quirks quirks, @Nullable String last) {
        answer = new Answer(audioType, schema, quirks, last);
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
            answer.done(out);
        } else {
            try {
                JsonNode event =
                        Json.read(frame.dataBytes(), frame.dataStart(), frame.dataLength());
                answer.chunk(event, out);
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

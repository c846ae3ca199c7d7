package dev.pillion.adapters.openai.responses;

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
final class ResponsesDecoder implements ReplyDecoder {
    private static final int MAX_EVENT_BYTES = 64 << 20;
    private static final int MAX_BODY_BYTES = 64 << 20;

    private enum Form {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final SseReader events = new SseReader(MAX_EVENT_BYTES);
    private final ByteSink whole = new ByteSink(256);
    private final ResponseAnswer answer;
    private Form form = Form.UNKNOWN;

    /**
     * @param account the vendor account and
     * @param model the model that the answer's state is bound to
     * @param schema what the answer's text is held to, where the vendor was not made to
     */
    ResponsesDecoder(
            ResponsesQuirks quirks, String account, String model, @Nullable ObjectNode schema) {
        answer = new ResponseAnswer(quirks, account, model, schema);
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
        // The end is an event of its own; a marker of Chat Completions behind it says nothing.
        boolean marker = frame.dataLength() < 16 && frame.data().strip().equals("[DONE]");
        if (!frame.hasData() || frame.dataLength() == 0 || marker) {
            out.accept(new ChatEvent.Ping());
            return;
        }
        try {
            answer.event(Json.read(frame.dataBytes(), frame.dataStart(), frame.dataLength()), out);
        } catch (MalformedJson e) {
            answer.fail(
                    Fault.protocol("an event of the vendor is not JSON: " + e.getMessage()), out);
        }
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
                answer.fail(Fault.protocol("the vendor's stream broke off"), out);
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

    /** The event that completes an answer is its last: nothing is waited for behind it. */
    @Override
    public boolean finishing() {
        return false;
    }
}

package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseFrame;
import dev.pillion.protocol.wire.SseReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads one answer: an event stream, the array that is streamed without {@code alt=sse}, or a
 * single object. The first character tells which: events begin with a letter or a colon.
 */
final class GeminiDecoder implements ReplyDecoder {
    /** One chunk may hold a whole picture. */
    private static final int MAX_CHUNK_BYTES = 64 << 20;

    private static final String DONE = "[DONE]";

    private enum Form {
        UNKNOWN,
        EVENTS,
        JSON
    }

    private final GeminiAnswerReader reader;
    private final SseReader events = new SseReader(MAX_CHUNK_BYTES);
    private final GeminiElements elements = new GeminiElements(MAX_CHUNK_BYTES);
    private Form form = Form.UNKNOWN;
    private boolean done;

    GeminiDecoder(GeminiAnswerCheck check, EncodeContext context, Headers reply) {
        this.reader = new GeminiAnswerReader(check, context, reply);
    }

    @Override
    public void body(ByteBuffer piece, Consumer<ChatEvent> out) {
        if (form == Form.UNKNOWN) {
            form = formOf(piece);
        }
        if (done) {
            return;
        }
        switch (form) {
            case UNKNOWN -> {} // White space so far; it means nothing in either form.
            case EVENTS -> events(piece, out);
            case JSON -> {
                if (!elements.read(piece, (bytes, from, size) -> chunk(bytes, from, size, out))) {
                    fail(tooLarge(), out);
                }
            }
        }
    }

    private static Form formOf(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            byte b = piece.get(piece.position());
            if (b == '{' || b == '[') {
                return Form.JSON;
            }
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return Form.EVENTS;
            }
            piece.get();
        }
        return Form.UNKNOWN;
    }

    private void events(ByteBuffer piece, Consumer<ChatEvent> out) {
        try {
            events.read(piece, frame -> frame(frame, out));
        } catch (SseReader.FrameTooLarge e) {
            fail(tooLarge(), out);
        }
    }

    private static Fault tooLarge() {
        return Fault.protocol("a chunk of the answer is over " + MAX_CHUNK_BYTES + " bytes");
    }

    private void frame(SseFrame frame, Consumer<ChatEvent> out) {
        boolean said = frame.hasData() && frame.dataLength() > 0;
        // Not the vendor's own way to end, but that of servers that speak several formats.
        if (said && !(frame.dataLength() == DONE.length() && frame.data().equals(DONE))) {
            chunk(frame.dataBytes(), frame.dataStart(), frame.dataLength(), out);
        }
    }

    private void chunk(byte[] bytes, int offset, int length, Consumer<ChatEvent> out) {
        if (done) {
            return;
        }
        try {
            JsonNode node = Json.read(bytes, offset, length);
            Fault fault = reader.chunk(node, out);
            if (fault != null) {
                fail(fault, out);
            }
        } catch (MalformedJson e) {
            fail(Fault.protocol("a chunk is not JSON, from byte " + e.byteOffset() + " on"), out);
        }
    }

    @Override
    public void end(Consumer<ChatEvent> out) {
        if (form == Form.EVENTS) {
            events.end(frame -> frame(frame, out));
        }
        if (done) {
            return;
        }
        if (form == Form.JSON && elements.isOpen()) {
            fail(Fault.protocol("the answer was cut: it ended within a chunk"), out);
            return;
        }
        Fault fault = reader.finish(out);
        if (fault != null) {
            fail(fault, out);
        }
        done = true;
    }

    private void fail(Fault fault, Consumer<ChatEvent> out) {
        if (!done) {
            done = true;
            out.accept(new ChatEvent.Failed(fault));
        }
    }

    /** The vendor has no closing marker: with a finish reason only the rest of the usage lacks. */
    @Override
    public boolean finishing() {
        return !done && reader.hasFinishReason();
    }
}

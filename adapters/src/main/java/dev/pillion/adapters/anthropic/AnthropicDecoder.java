package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseFrame;
import dev.pillion.protocol.wire.SseReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer, streamed or whole, through the same {@link AnswerReader}. The content type says
 * which it is; a body that begins with a brace is JSON whatever it says, and where nothing is said
 * the first character tells.
 */
final class AnthropicDecoder implements ReplyDecoder {
    private static final int MAX_EVENT_BYTES = 16 << 20;
    private static final int MAX_WHOLE_BYTES = 64 << 20;

    private enum Form {
        UNKNOWN,
        STREAM,
        WHOLE
    }

    private final AnswerReader reader;
    private final Headers reply;
    private final SseReader events = new SseReader(MAX_EVENT_BYTES);
    private final ByteSink whole = new ByteSink();
    private Form form = Form.UNKNOWN;
    private boolean done;

    AnthropicDecoder(AnswerCheck check, EncodeContext context, Headers reply) {
        this.reader = new AnswerReader(check, context, reply);
        this.reply = reply;
    }

    @Override
    public void body(ByteBuffer piece, Consumer<ChatEvent> out) {
        if (done) {
            return;
        }
        if (form == Form.UNKNOWN) {
            form = formOf(piece);
        }
        switch (form) {
            case UNKNOWN -> {} // White space so far; it means nothing in either form.
            case STREAM -> stream(piece, out);
            case WHOLE -> {
                if (whole.size() + piece.remaining() > MAX_WHOLE_BYTES) {
                    fail(Fault.protocol("the answer is over " + MAX_WHOLE_BYTES + " bytes"), out);
                } else {
                    whole.write(piece);
                }
            }
        }
    }

    private Form formOf(ByteBuffer piece) {
        String type = reply.get("content-type");
        boolean stream =
                type != null && type.toLowerCase(Locale.ROOT).contains("text/event-stream");
        boolean json = type != null && type.toLowerCase(Locale.ROOT).contains("json");
        while (piece.hasRemaining() && isBlank(piece.get(piece.position()))) {
            piece.get();
        }
        if (!piece.hasRemaining()) {
            return Form.UNKNOWN;
        }
        boolean brace = piece.get(piece.position()) == '{';
        return brace || (json && !stream) ? Form.WHOLE : Form.STREAM;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void stream(ByteBuffer piece, Consumer<ChatEvent> out) {
        try {
            events.read(piece, frame -> frame(frame, out));
        } catch (SseReader.FrameTooLarge e) {
            fail(Fault.protocol("the vendor's stream: " + e.getMessage()), out);
        }
    }

    private void frame(SseFrame frame, Consumer<ChatEvent> out) {
        if (done || !frame.hasData()) {
            return;
        }
        try {
            JsonNode data = Json.read(frame.dataBytes(), frame.dataStart(), frame.dataLength());
            String type = data.path("type").asText(frame.event() == null ? "" : frame.event());
            done = reader.event(type, data, out);
        } catch (MalformedJson e) {
            fail(Fault.protocol("an event is not JSON, from byte " + e.byteOffset() + " on"), out);
        } catch (Nonsense e) {
            fail(Fault.protocol(e.getMessage()), out);
        }
    }

    @Override
    public void end(Consumer<ChatEvent> out) {
        if (done) {
            return;
        }
        if (form == Form.WHOLE) {
            whole(out);
        } else {
            events.end(frame -> frame(frame, out));
            if (!done) {
                fail(Fault.protocol("the answer was cut: " + reader.progress()), out);
            }
        }
    }

    private void whole(Consumer<ChatEvent> out) {
        try {
            reader.whole(Json.read(whole.array(), 0, whole.size()), out);
            done = true;
        } catch (MalformedJson e) {
            fail(
                    Fault.protocol("the answer is not JSON, from byte " + e.byteOffset() + " on"),
                    out);
        } catch (Nonsense e) {
            fail(Fault.protocol(e.getMessage()), out);
        }
    }

    private void fail(Fault fault, Consumer<ChatEvent> out) {
        done = true;
        out.accept(new ChatEvent.Failed(fault));
    }

    /** An Anthropic stream is whole with its last event only, so there is nothing to wait for. */
    @Override
    public boolean finishing() {
        return false;
    }

    /** The vendor said what its format does not allow. */
    static final class Nonsense extends Exception {
        private static final long serialVersionUID = 1L;

        private final String what;

        Nonsense(String what) {
            super(what, null, false, false);
            this.what = what;
        }

        @Override
        public String getMessage() {
            return what;
        }
    }

    /** The bytes of a JSON text, for a vendor's answer kept as it was. */
    static byte[] bytes(JsonNode node) {
        return Json.text(node).getBytes(StandardCharsets.UTF_8);
    }

    /** The text where it is one, else null. */
    static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}

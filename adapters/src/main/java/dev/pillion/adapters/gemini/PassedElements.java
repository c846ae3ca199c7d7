package dev.pillion.adapters.gemini;

import dev.pillion.adapters.PassedFrames;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Lets an answer through that is streamed as one JSON array, as Gemini does without {@code
 * alt=sse}. Elements are handed on whole, each with what stands before it, so that what a client
 * has got always ends with an element, behind which an error can still be told. Until there is
 * content they are held back, at most 1 MiB of them; the closing bracket goes out only behind an
 * answer that is complete.
 */
final class PassedElements implements ReplyTap {
    private static final int MAX_HELD_BYTES = 1 << 20;

    /** One element may hold a whole picture. */
    private static final int MAX_ELEMENT_BYTES = 64 << 20;

    private final PassedFrames.Watch watch;
    private final ByteSink pending = new ByteSink();

    /** How much of it has been looked at, and how much of that is whole elements. */
    private int scanned;

    private int whole;

    /** Where in it the element begins that is open. */
    private int elementAt;

    private int depth;
    private boolean inText;
    private boolean escaped;
    private boolean opened;
    private boolean closed;
    private @Nullable Fault fault;

    PassedElements(PassedFrames.Watch watch) {
        this.watch = watch;
    }

    @Override
    public void body(ByteBuffer piece, ByteSink out) {
        if (fault != null || closed) {
            return;
        }
        pending.write(piece);
        byte[] bytes = pending.array();
        while (fault == null && !closed && scanned < pending.size()) {
            look(bytes[scanned], bytes);
            scanned++;
        }
        if (fault == null && closed) {
            close(out);
        } else {
            handOn(out);
            limit();
        }
    }

    private void look(byte b, byte[] bytes) {
        if (depth > 0) {
            if (closes(b)) {
                fault = watch.event(bytes, elementAt, scanned + 1 - elementAt);
                whole = fault == null ? scanned + 1 : whole;
            }
            return;
        }
        switch (b) {
            case '{' -> {
                depth = 1;
                elementAt = scanned;
            }
            case '[' -> {
                fault = opened ? notAnArray() : fault;
                opened = true;
            }
            case ']' -> closed = opened;
            case ',', ' ', '\n', '\r', '\t' -> {}
            default -> fault = notAnArray();
        }
    }

    private static Fault notAnArray() {
        return Fault.protocol("the vendor's answer is not the JSON array that was asked for");
    }

    private boolean closes(byte b) {
        if (inText) {
            boolean ends = b == '"' && !escaped;
            escaped = b == '\\' && !escaped;
            inText = !ends;
            return false;
        }
        switch (b) {
            case '"' -> inText = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {} // Part of a number, a word, or white space.
        }
        return depth == 0;
    }

    /** What is whole goes out, once there is content in it; what came before a fault does too. */
    private void handOn(ByteSink out) {
        if (watch.content() && whole > 0 && opened) {
            out.write(pending.array(), 0, whole);
            pending.discard(whole);
            scanned -= whole;
            elementAt -= whole;
            whole = 0;
        }
    }

    private void limit() {
        if (fault == null && whole > MAX_HELD_BYTES) {
            fault = Fault.protocol("the vendor sent much and said nothing");
        } else if (fault == null && pending.size() - whole > MAX_ELEMENT_BYTES) {
            fault = Fault.protocol("an element of the vendor's answer is larger than 64 MiB");
        }
    }

    private void close(ByteSink out) {
        fault = watch.end();
        if (fault == null) {
            out.write(pending.array(), 0, scanned);
            pending.reset();
        } else {
            handOn(out);
        }
    }

    /** A vendor that fell silent behind its last element has left the bracket out. */
    @Override
    public void end(ByteSink out) {
        if (fault != null || closed) {
            return;
        }
        if (depth > 0) {
            fault = Fault.protocol("the answer was cut: it ended within an element");
            return;
        }
        fault = opened ? watch.end() : notAnArray();
        if (fault == null) {
            out.write(pending.array(), 0, whole);
            out.write("]");
            closed = true;
        }
    }

    @Override
    public boolean content() {
        return watch.content();
    }

    @Override
    public @Nullable Usage usage() {
        return watch.usage();
    }

    @Override
    public @Nullable Stop stop() {
        return fault == null && watch.finishing() ? watch.stop() : null;
    }

    @Override
    public @Nullable Fault fault() {
        return fault;
    }

    @Override
    public boolean finishing() {
        return fault == null && !closed && depth == 0 && watch.finishing();
    }

    @Override
    public boolean finished() {
        return fault == null && closed;
    }
}

package dev.pillion.adapters;

import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseFrame;
import dev.pillion.protocol.wire.SseReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets an answer through whose stream is events, whether its end is one of its own, as in Messages
 * and Responses, or just the last. Until there is content, frames are held back, at most 1 MiB of
 * them; nothing is handed on after the last event or after an error. A whole answer is held until
 * all of it is there.
 */
public final class PassedFrames implements ReplyTap {
    private static final int MAX_HELD_BYTES = 1 << 20;
    private static final int MAX_EVENT_BYTES = 16 << 20;
    private static final int MAX_WHOLE_BYTES = 64 << 20;

    /** What one format says in its answers. One answer's; told of every piece in order. */
    public interface Watch {
        /** Takes in the data of one event; null, or what is wrong. */
        @Nullable Fault event(byte[] data, int from, int length);

        /** Whether the frame says nothing, in a way that the format's clients can't read. */
        default boolean hides(SseFrame frame) {
            return false;
        }

        /** Takes in a whole answer; null, or what is wrong. */
        @Nullable Fault whole(byte[] body, int length);

        boolean content();

        @Nullable Usage usage();

        @Nullable Stop stop();

        /** Whether the last event has been seen; never, where a format has no such event. */
        boolean finished();

        /** Whether the answer may end here, as it may where its last event is only its last. */
        default boolean finishing() {
            return finished();
        }

        /** What is wrong with a stream that ends here; null: nothing. */
        default @Nullable Fault end() {
            return finished() ? null : Fault.protocol("the vendor's stream broke off");
        }

        /** The place of the next event, see {@link ReplyTap#place}. */
        default long place() {
            return 0;
        }
    }

    private enum Form {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final Watch watch;
    private final boolean stream;
    private final SseReader frames = new SseReader(MAX_EVENT_BYTES);
    private final Consumer<SseFrame> handler = this::frame;
    private final ByteSink held = new ByteSink(1024);
    private Form form = Form.UNKNOWN;
    private @Nullable Fault fault;

    /** Where the frames of the piece being read go. */
    private @Nullable ByteSink out;

    /** {@code stream}: events were asked for, and nothing else goes on to the client. */
    public PassedFrames(Watch watch, boolean stream) {
        this.watch = watch;
        this.stream = stream;
    }

    @Override
    public void body(ByteBuffer piece, ByteSink out) {
        if (fault != null || (form == Form.UNKNOWN && !sniff(piece))) {
            return;
        }
        if (form == Form.WHOLE) {
            collect(piece);
            return;
        }
        this.out = out;
        try {
            frames.read(piece, handler);
        } catch (SseReader.FrameTooLarge e) {
            fault = Fault.protocol("the vendor's stream: " + e.getMessage());
        }
        this.out = null;
    }

    private boolean sniff(ByteBuffer piece) {
        for (int at = piece.position(); at < piece.limit(); at++) {
            byte b = piece.get(at);
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                form = b == '{' || b == '[' ? Form.WHOLE : Form.EVENTS;
                if (form == Form.EVENTS && !stream) {
                    fault = Fault.protocol("the vendor's answer is not JSON");
                }
                return fault == null;
            }
        }
        return false; // Blank so far, and blank lines mean nothing in either form.
    }

    private void collect(ByteBuffer piece) {
        if (held.size() + (long) piece.remaining() > MAX_WHOLE_BYTES) {
            fault = Fault.protocol("the vendor's answer is larger than 64 MiB");
        } else {
            held.write(piece);
        }
    }

    private void frame(SseFrame frame) {
        if (fault != null || watch.finished() || watch.hides(frame)) {
            return;
        }
        if (frame.hasData()) {
            fault = watch.event(frame.dataBytes(), frame.dataStart(), frame.dataLength());
        }
        if (fault == null) {
            pass(frame);
        }
    }

    /** Hands the frame on, after what was held; without content it is held too. */
    private void pass(SseFrame frame) {
        ByteSink target = out;
        if (target == null || !(watch.content() || watch.finished())) {
            held.write(frame.rawBytes(), frame.rawStart(), frame.rawLength());
            if (held.size() > MAX_HELD_BYTES) {
                fault = Fault.protocol("the vendor sent much and said nothing");
            }
            return;
        }
        release(target);
        target.write(frame.rawBytes(), frame.rawStart(), frame.rawLength());
    }

    /** Lets out what was held back. */
    private void release(ByteSink target) {
        if (!held.isEmpty()) {
            target.write(held.array(), 0, held.size());
            held.reset();
        }
    }

    @Override
    public void end(ByteSink out) {
        if (fault != null) {
            return;
        }
        switch (form) {
            case UNKNOWN -> fault = Fault.protocol("the vendor's answer is empty");
            case EVENTS -> {
                this.out = out;
                frames.end(handler);
                this.out = null;
                fault = fault == null ? watch.end() : fault;
                if (fault == null) {
                    release(out);
                }
            }
            case WHOLE -> whole(out);
        }
    }

    private void whole(ByteSink out) {
        fault = watch.whole(held.array(), held.size());
        if (fault == null && stream) {
            fault = Fault.protocol("the vendor answered whole where a stream was asked for");
        } else if (fault == null) {
            out.write(held.array(), 0, held.size());
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

    /** Where a closing event is the answer's end, there is none without it. */
    @Override
    public boolean finishing() {
        return fault == null && !watch.finished() && watch.finishing();
    }

    @Override
    public boolean finished() {
        return fault == null && watch.finished();
    }

    @Override
    public long place() {
        return watch.place();
    }
}

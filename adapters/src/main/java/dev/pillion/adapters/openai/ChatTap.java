package dev.pillion.adapters.openai;

import dev.pillion.adapters.ReplyTap;
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
 * Watches an answer go by. Until there is content, every frame is read and held back; after that
 * only frames that may tell of usage, end or error are read, and all frames of one read are handed
 * on together, as they came.
 */
final class ChatTap implements ReplyTap {
    /** Most bytes held back while there is no content. */
    private static final int MAX_HELD_BYTES = 1 << 20;

    /** What is held of most streams, and a short answer. */
    private static final int HELD_BYTES = 1024;

    private enum Form {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final boolean stream;
    private final boolean withholdUsage;
    private final SseReader frames = new SseReader(AnswerReader.MAX_EVENT_BYTES);
    private final Consumer<SseFrame> handler = this::frame;
    private final ByteSink held;
    private final ChunkScan scan = new ChunkScan();
    private Form form = Form.UNKNOWN;
    private boolean finished;
    private @Nullable Fault fault;

    /** Where the frames of the piece being read go. */
    private @Nullable ByteSink out;

    ChatTap(boolean stream, boolean withholdUsage) {
        this(stream, withholdUsage, HELD_BYTES);
    }

    /**
     * A tap.
     *
     * @param stream events were asked for, and nothing else goes on to the client
     * @param sizeHintBytes about so much is held, or collected of a whole answer
     */
    ChatTap(boolean stream, boolean withholdUsage, int sizeHintBytes) {
        this.stream = stream;
        this.withholdUsage = withholdUsage;
        this.held = new ByteSink(sizeHintBytes);
    }

    @Override
    public void body(ByteBuffer piece, ByteSink out) {
        if (fault != null) {
            return;
        }
        if (form == Form.UNKNOWN && !sniff(piece)) {
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
        if (held.size() + (long) piece.remaining() > AnswerReader.MAX_BODY_BYTES) {
            fault = Fault.protocol("the vendor's answer is larger than 64 MiB");
        } else {
            held.write(piece);
        }
    }

    private void frame(SseFrame frame) {
        if (fault != null) {
            return;
        }
        if (!frame.hasData()) {
            if (scan.content()) {
                pass(frame);
            }
            return;
        }
        byte[] data = frame.dataBytes();
        int start = frame.dataStart();
        int length = frame.dataLength();
        if (AnswerReader.isDone(frame)) {
            finished = true;
        } else if (!scan.content() || ChunkScan.telling(data, start, start + length)) {
            fault = scan.read(data, start, length);
            if (fault != null || (withholdUsage && scan.usageChunk())) {
                return;
            }
        }
        pass(frame);
    }

    /** Hands the frame on, after what was held; without content it is held too. */
    private void pass(SseFrame frame) {
        boolean open = scan.content() || scan.stop() != null || finished;
        ByteSink target = open && out != null ? out : held;
        if (target != held && !held.isEmpty()) {
            target.write(held.array(), 0, held.size());
            held.reset();
        }
        target.write(frame.rawBytes(), frame.rawStart(), frame.rawLength());
        if (target == held && held.size() > MAX_HELD_BYTES) {
            fault = Fault.protocol("the vendor sent much and said nothing");
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
                if (fault == null && !finished && scan.stop() == null) {
                    fault = Fault.protocol("the vendor's stream broke off");
                }
            }
            case WHOLE -> {
                fault = scan.readWhole(held.array(), held.size());
                if (fault == null && stream) {
                    fault =
                            Fault.protocol(
                                    "the vendor answered whole where a stream was asked for");
                } else if (fault == null) {
                    finished = true;
                    out.take(held);
                }
            }
        }
    }

    @Override
    public boolean content() {
        return scan.content();
    }

    @Override
    public @Nullable Usage usage() {
        return scan.usage();
    }

    @Override
    public @Nullable Stop stop() {
        return fault == null && (finished || scan.stop() != null) ? ended() : null;
    }

    private Stop ended() {
        Stop stop = scan.stop();
        return stop == null ? Stops.of(null, null, scan.called(), false) : stop;
    }

    @Override
    public @Nullable Fault fault() {
        return fault;
    }

    @Override
    public boolean finishing() {
        return !finished && fault == null && scan.stop() != null;
    }

    @Override
    public boolean finished() {
        return finished;
    }
}

package dev.pillion.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts an event stream (WHATWG HTML, "Server-sent events") into frames, however it is chunked; LF,
 * CRLF and CR end lines. One thread. Holds at most one incomplete frame of {@code maxFrameBytes}.
 */
public final class SseReader {
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);

    private final int maxFrameBytes;
    private final ByteSink held = new ByteSink(0);
    private final ByteSink joined = new ByteSink(0);
    private final SseFrame frame = new SseFrame();
    private int scanned;
    private int lineStart;
    private boolean first = true;

    public SseReader(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * Takes the next piece and hands on every frame that it completes.
     *
     * @throws FrameTooLarge when an incomplete frame has grown over the limit
     */
    public void read(ByteBuffer piece, Consumer<SseFrame> handler) throws FrameTooLarge {
        held.write(piece);
        byte[] bytes = held.array();
        int limit = held.size();
        int frameStart = 0;
        int at = scanned;
        while (at < limit) {
            at = lineEnd(bytes, at, limit);
            if (at == limit) {
                break;
            }
            int next = at + 1;
            if (bytes[at] == '\r') {
                if (next == limit) {
                    break; // CR or CRLF? The next piece tells.
                }
                if (bytes[next] == '\n') {
                    next++;
                }
            }
            boolean blank = at == lineStart;
            lineStart = next;
            at = next;
            if (blank) {
                emit(bytes, frameStart, next, handler);
                frameStart = next;
            }
        }
        held.discard(frameStart);
        scanned = at - frameStart;
        lineStart -= frameStart;
        if (held.size() > maxFrameBytes) {
            throw new FrameTooLarge(maxFrameBytes);
        }
    }

    /** At the end of the stream: a last frame without its blank line counts, an empty rest not. */
    public void end(Consumer<SseFrame> handler) {
        if (held.isEmpty()) {
            return;
        }
        held.write('\n');
        held.write('\n');
        emit(held.array(), 0, held.size(), handler);
        held.reset();
        scanned = 0;
        lineStart = 0;
    }

    private void emit(byte[] bytes, int from, int to, Consumer<SseFrame> handler) {
        frame.bytes = bytes;
        frame.start = from;
        frame.end = to;
        frame.event = null;
        frame.hasData = false;
        joined.reset();
        int at = from;
        if (first) {
            first = false;
            at += bomLength(bytes, from, to);
        }
        while (at < to) {
            int lineEnd = lineEnd(bytes, at, to);
            field(bytes, at, lineEnd);
            at = lineEnd + 1;
            if (at < to && bytes[lineEnd] == '\r' && bytes[at] == '\n') {
                at++;
            }
        }
        handler.accept(frame);
    }

    private void field(byte[] bytes, int from, int to) {
        if (from == to || bytes[from] == ':') {
            return;
        }
        if (isField(DATA, bytes, from, to)) {
            data(bytes, valueStart(DATA, bytes, from, to), to);
        } else if (isField(EVENT, bytes, from, to)) {
            int start = valueStart(EVENT, bytes, from, to);
            frame.event = new String(bytes, start, to - start, StandardCharsets.UTF_8);
        }
    }

    private void data(byte[] bytes, int from, int to) {
        if (!frame.hasData) {
            frame.hasData = true;
            frame.dataBytes = bytes;
            frame.dataStart = from;
            frame.dataEnd = to;
            return;
        }
        if (joined.isEmpty()) {
            joined.write(frame.dataBytes, frame.dataStart, frame.dataEnd - frame.dataStart);
        }
        joined.write('\n');
        joined.write(bytes, from, to - from);
        frame.dataBytes = joined.array();
        frame.dataStart = 0;
        frame.dataEnd = joined.size();
    }

    private static boolean isField(byte[] name, byte[] bytes, int from, int to) {
        int length = name.length;
        if (to - from < length || (to - from > length && bytes[from + length] != ':')) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[from + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static int valueStart(byte[] name, byte[] bytes, int from, int to) {
        int at = Math.min(to, from + name.length + 1);
        return at < to && bytes[at] == ' ' ? at + 1 : at;
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        return ByteSearch.indexOfEither(bytes, from, to, '\n', '\r');
    }

    private static int bomLength(byte[] bytes, int from, int to) {
        boolean bom =
                to - from >= 3
                        && bytes[from] == (byte) 0xEF
                        && bytes[from + 1] == (byte) 0xBB
                        && bytes[from + 2] == (byte) 0xBF;
        return bom ? 3 : 0;
    }

    /** A frame is larger than allowed. */
    public static final class FrameTooLarge extends Exception {
        private static final long serialVersionUID = 1L;

        FrameTooLarge(int maxBytes) {
            super("an event is larger than " + maxBytes + " bytes");
        }
    }
}

package dev.pillion.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads HTTP replies off one connection and says of each whether it is a complete, right answer.
 *
 * <p>Right is: status 200, the framing kept to the last byte, as many marks as the upstream sent
 * pieces of text, and the format's own end ({@code [DONE]}, {@code done}, a closing brace).
 */
final class ReplyReader {
    private static final int HEAD_LIMIT = 32 * 1024;
    
    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        DONE
    }

    private final Slot.Size size;
    private final Slot.Way way;
    private State state = State.HEAD;
    private final byte[] head = new byte[HEAD_LIMIT];
    private int headLength;
    private byte[] body = new byte[32 * 1024];
    private int bodyLength;
    private int left;
    private int lineLength;
    private String problem = "";
    private boolean close;

    private final byte[] end;

    ReplyReader(Slot.Size size, Slot.Way way) {
        this.end = Payloads.bytes(way.in.end);
        this.size = size;
        this.way = way;
    }

    /** Forgets the last reply; the next bytes begin a new one. */
    void reset() {
        state = State.HEAD;
        headLength = 0;
        bodyLength = 0;
        left = 0;
        lineLength = 0;
        problem = "";
    }

    /** Takes bytes as they come; true when the reply has ended, well or badly. */
    boolean accept(byte[] data, int length) {
        int at = 0;
        while (at < length && state != State.DONE) {
            at = step(data, at, length);
        }
        if (at < length) {
            fail("bytes after the end of the reply");
        }
        return state == State.DONE;
    }

    /** Empty when the reply was right, else what was wrong with it. */
    String problem() {
        return problem;
    }

    /** Whether the server said that it closes the connection. */
    boolean closes() {
        return close;
    }

    int bodyLength() {
        return bodyLength;
    }

    boolean begun() {
        return bodyLength > 0;
    }

    /** The beginnings of head and body so far, on one line. */
    String describe() {
        String headText = new String(head, 0, Math.min(headLength, 300), StandardCharsets.UTF_8);
        String bodyText = new String(body, 0, Math.min(bodyLength, 400), StandardCharsets.UTF_8);
        return (headText + " … " + bodyText).replaceAll("\\s+", " ");
    }

    private int step(byte[] data, int at, int length) {
        return switch (state) {
            case HEAD -> takeHead(data, at, length);
            case BODY -> takeBody(data, at, length, State.DONE);
            case CHUNK -> takeBody(data, at, length, State.CHUNK_END);
            case CHUNK_SIZE -> takeSizeDigit(data[at], at);
            case CHUNK_END -> {
                if (data[at] == '\n') {
                    state = State.CHUNK_SIZE;
                }
                yield at + 1;
            }
            case TRAILER -> takeTrailer(data[at], at);
            case DONE -> length;
        };
    }

    private int takeHead(byte[] data, int from, int length) {
        for (int at = from; at < length; at++) {
            if (headLength == HEAD_LIMIT) {
                fail("a head of more than " + HEAD_LIMIT + " bytes");
                return length;
            }
            head[headLength++] = data[at];
            if (data[at] == '\n' && headLength >= 4 && head[headLength - 3] == '\n') {
                parseHead();
                return at + 1;
            }
        }
        return length;
    }

    private void parseHead() {
        String text =
                new String(head, 0, headLength, StandardCharsets.ISO_8859_1)
                        .toLowerCase(Locale.ROOT);
        close = text.contains("\r\nconnection: close");
        int at = text.indexOf("\r\ncontent-length:");
        if (at >= 0) {
            left = Integer.parseInt(text.substring(at + 17, text.indexOf('\r', at + 2)).strip());
            state = State.BODY;
            if (left == 0) {
                end();
            }
        } else if (text.contains("\r\ntransfer-encoding: chunked")) {
            state = State.CHUNK_SIZE;
        } else {
            fail("neither content-length nor chunks");
        }
    }

    private int takeBody(byte[] data, int at, int length, State after) {
        int count = Math.min(left, length - at);
        if (bodyLength + count > body.length) {
            body = Arrays.copyOf(body, Math.max(body.length * 2, bodyLength + count));
        }
        System.arraycopy(data, at, body, bodyLength, count);
        bodyLength += count;
        left -= count;
        if (left == 0) {
            state = after;
            if (after == State.DONE) {
                end();
            }
        }
        return at + count;
    }

    private int takeSizeDigit(byte digit, int at) {
        if (digit == '\n') {
            lineLength = 0;
            state = left == 0 ? State.TRAILER : State.CHUNK;
        } else if (digit != '\r') {
            int value = Character.digit(digit, 16);
            if (value < 0 || left > 1 << 24) {
                fail("a chunk size that is none");
            }
            left = left * 16 + value;
        }
        return at + 1;
    }

    private int takeTrailer(byte c, int at) {
        if (c == '\n') {
            if (lineLength == 0) {
                end();
            }
            lineLength = 0;
        } else if (c != '\r') {
            lineLength++;
        }
        return at + 1;
    }

    private void end() {
        state = State.DONE;
        if (headLength < 12 || head[9] != '2' || head[10] != '0' || head[11] != '0') {
            fail("not 200");
            return;
        }
        int expected = size.stream ? way.in.tellings * Payloads.EVENTS : Payloads.JSON_MARKS;
        int marks = marks();
        if (marks != expected) {
            fail(marks + " pieces of text where " + expected + " were sent");
        } else if (!endsRight()) {
            fail("the text is whole, but its end is missing");
        }
    }

    private int marks() {
        int marks = 0;
        for (int i = 0; i < bodyLength; i++) {
            if (body[i] == Payloads.MARK) {
                marks++;
            }
        }
        return marks;
    }

    private boolean endsRight() {
        int last = bodyLength - 1;
        while (last >= 0 && body[last] <= ' ') {
            last--;
        }
        if (!size.stream) {
            return last >= 0 && body[0] == '{' && body[last] == '}';
        }
        return endsWith(last + 1, end);
    }

    /** Within the last event, of which it is the last or the first word. */
    private boolean endsWith(int length, byte[] wanted) {
        int from = Math.max(0, length - Math.max(wanted.length + lastBytes(), wanted.length));
        for (int i = length - wanted.length; i >= from; i--) {
            if (Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    /** How long a last event may be: that of Responses has the whole answer in it. */
    private int lastBytes() {
        return way.in == Format.CHAT ? 0 : way.in == Format.RESPONSES ? bodyLength : 1024;
    }

    private void fail(String what) {
        state = State.DONE;
        if (problem.isEmpty()) {
            problem = what;
        }
    }
}

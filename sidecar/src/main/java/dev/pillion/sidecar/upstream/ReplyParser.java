package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.wire.Headers;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads one HTTP/1.1 answer after the other (RFC 9112), however its bytes are cut. Strict where
 * leniency would let two parties see two different answers; informational answers are skipped.
 */
final class ReplyParser {
    /** Of a whole head, informational ones before it and trailers after it included. */
    static final int MAX_HEAD_BYTES = 64 << 10;

    private static final int MAX_CHUNK_LINE_BYTES = 4 << 10;
    private static final byte[] PREFIX = {'H', 'T', 'T', 'P', '/', '1', '.'};

    /** What there is. */
    enum Step {
        /** Nothing until more bytes come. */
        MORE,
        /** Status and headers. */
        HEAD,
        /** A piece of the body: {@link #pieceStart} and {@link #pieceLength} in the input. */
        BODY,
        /** The end of the answer. */
        END
    }

    private enum State {
        STATUS,
        FIELDS,
        NO_BODY,
        FIXED,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSED,
        DONE
    }

    private State state = State.DONE;
    private String method = "";
    private byte[] line = new byte[512];
    private int lineLength;
    private boolean lineOver;
    private int headBytes;
    private ReplyHead head = ReplyHead.first();
    private long length;
    private long left;
    private long bodyBytes;
    private int pieceStart;
    private int pieceLength;

    /** The next answer is to a request of that method. */
    void expect(String requestMethod) {
        method = requestMethod;
        state = State.STATUS;
        head = head.next();
        headBytes = 0;
        lineLength = 0;
        lineOver = false;
        bodyBytes = 0;
    }

    /**
     * Goes on to the next thing in the input.
     *
     * @throws BadReply if it isn't HTTP/1.1; nothing more can be read then
     */
    Step next(ByteBuf in) throws BadReply {
        return switch (state) {
            case STATUS, FIELDS -> head(in);
            case NO_BODY -> done();
            case FIXED -> left == 0 ? done() : piece(in);
            case CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS -> chunked(in);
            case UNTIL_CLOSED -> piece(in);
            case DONE -> Step.MORE;
        };
    }

    private Step head(ByteBuf in) throws BadReply {
        while (true) {
            if (state == State.STATUS) {
                if (!headLine(in)) {
                    return startsLikeHttp();
                }
                head.status(line, lineLength);
                state = State.FIELDS;
            } else if (!headLine(in)) {
                return Step.MORE;
            } else if (lineLength > 0) {
                head.field(line, lineLength);
            } else if (headIsOver()) {
                return Step.HEAD;
            }
        }
    }

    private Step chunked(ByteBuf in) throws BadReply {
        while (true) {
            if (state == State.CHUNK_SIZE) {
                if (!line(in, MAX_CHUNK_LINE_BYTES)) {
                    return Step.MORE;
                }
                left = chunkSize();
                state = left == 0 ? State.TRAILERS : State.CHUNK_DATA;
            } else if (state == State.CHUNK_DATA) {
                if (left > 0) {
                    return piece(in);
                }
                state = State.CHUNK_END;
            } else if (state == State.CHUNK_END) {
                if (!chunkEnd(in)) {
                    return Step.MORE;
                }
                state = State.CHUNK_SIZE;
            } else if (!headLine(in)) {
                return Step.MORE;
            } else if (lineLength == 0) {
                return done();
            }
        }
    }

    /**
     * The connection has ended in good order; returns whether the answer is complete thereby.
     *
     * @throws BadReply if it is cut
     */
    Step closed() throws BadReply {
        return switch (state) {
            case UNTIL_CLOSED -> done();
            case DONE -> Step.MORE;
            case FIXED ->
                    throw new BadReply(
                            "closed the connection: the answer is cut after "
                                    + bodyBytes
                                    + " of "
                                    + length
                                    + " bytes");
            case STATUS, FIELDS, NO_BODY ->
                    throw new BadReply("closed the connection in the head of its answer");
            case CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS ->
                    throw new BadReply(
                            "closed the connection: the answer is cut after "
                                    + bodyBytes
                                    + " bytes, before its last chunk");
        };
    }

    int status() {
        return head.status();
    }

    /** Without those that concern the connection and the framing. */
    Headers headers() {
        return head.headers();
    }

    ReplyHead head() {
        return head;
    }

    /** Whether only the connection's end ends the body. */
    boolean untilClosed() {
        return state == State.UNTIL_CLOSED;
    }

    int pieceStart() {
        return pieceStart;
    }

    int pieceLength() {
        return pieceLength;
    }

    /** Bytes of body so far, as they came over the wire. */
    long bodyBytes() {
        return bodyBytes;
    }

    private boolean headIsOver() throws BadReply {
        if (head.status() < 200) {
            if (head.status() == 101) {
                throw new BadReply("switched protocols, which it was not asked to");
            }
            head = head.next();
            state = State.STATUS;
            return false;
        }
        head.finish();
        state = framing();
        return true;
    }

    private State framing() throws BadReply {
        int status = head.status();
        boolean tunnel = method.equals("CONNECT") && status / 100 == 2;
        if (method.equals("HEAD") || status == 204 || status == 304 || tunnel) {
            return State.NO_BODY;
        }
        if (head.chunked()) {
            return State.CHUNK_SIZE;
        }
        length = head.contentLength();
        left = length;
        if (length >= 0) {
            return State.FIXED;
        }
        head.closesConnectionIf(true);
        return State.UNTIL_CLOSED;
    }

    private Step piece(ByteBuf in) {
        int readable = in.readableBytes();
        if (readable == 0) {
            return Step.MORE;
        }
        pieceStart = in.readerIndex();
        pieceLength = readable;
        if (state != State.UNTIL_CLOSED) {
            pieceLength = (int) Math.min(readable, left);
            left -= pieceLength;
        }
        in.skipBytes(pieceLength);
        bodyBytes += pieceLength;
        return Step.BODY;
    }

    private Step done() {
        state = State.DONE;
        return Step.END;
    }

    /** What has come of the first line must look like HTTP: garbage need not have an end. */
    private Step startsLikeHttp() throws BadReply {
        int known = Math.min(lineLength, PREFIX.length);
        if (!Arrays.equals(line, 0, known, PREFIX, 0, known)) {
            throw ReplyHead.notHttp(line, lineLength);
        }
        return Step.MORE;
    }

    private boolean headLine(ByteBuf in) throws BadReply {
        int before = in.readerIndex();
        boolean over = line(in, MAX_HEAD_BYTES);
        headBytes += in.readerIndex() - before;
        if (headBytes > MAX_HEAD_BYTES) {
            throw new BadReply("sent a head of more than " + MAX_HEAD_BYTES + " bytes");
        }
        return over;
    }

    /** Reads on to the end of the line; false when it hasn't come yet. */
    private boolean line(ByteBuf in, int maxBytes) throws BadReply {
        if (lineOver) {
            lineOver = false;
            lineLength = 0;
        }
        int readable = in.readableBytes();
        int untilEnd = in.bytesBefore((byte) '\n');
        int count = untilEnd < 0 ? readable : untilEnd;
        if (lineLength + count > maxBytes) {
            throw new BadReply("sent a line of more than " + maxBytes + " bytes in its framing");
        }
        if (lineLength + count > line.length) {
            line = Arrays.copyOf(line, Math.max(lineLength + count, line.length * 2));
        }
        in.readBytes(line, lineLength, count);
        lineLength += count;
        if (untilEnd < 0) {
            return false;
        }
        in.skipBytes(1);
        if (lineLength > 0 && line[lineLength - 1] == '\r') {
            lineLength--;
        }
        lineOver = true;
        return true;
    }

    private boolean chunkEnd(ByteBuf in) throws BadReply {
        boolean first = lineOver && in.isReadable();
        int next = first ? in.getByte(in.readerIndex()) : '\n';
        boolean over = (next == '\r' || next == '\n') && line(in, MAX_CHUNK_LINE_BYTES);
        if ((next != '\r' && next != '\n') || (over && lineLength > 0)) {
            throw new BadReply("sent a chunk that is longer than its stated size");
        }
        return over;
    }

    private long chunkSize() throws BadReply {
        long size = 0;
        int at = 0;
        while (at < lineLength && Character.digit(line[at], 16) >= 0) {
            size = size << 4 | Character.digit(line[at++], 16);
            if (at > 15) {
                throw new BadReply("sent a chunk size of more than 15 digits");
            }
        }
        boolean over = at == lineLength || line[at] == ';' || line[at] == ' ' || line[at] == '\t';
        if (at == 0 || !over) {
            throw new BadReply("sent a chunk without a proper size");
        }
        return size;
    }
}

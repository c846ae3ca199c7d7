package dev.pillion.sidecar.upstream;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a body that came as {@code gzip} (RFC 1952) or {@code deflate} (RFC 1950, or 1951 as some
 * servers do), though neither was asked for. Holds the packed bytes of one read and hands out
 * pieces of at most 16 KiB, so that however far they unpack, memory is bounded.
 */
final class Inflation {
    private static final int PIECE_BYTES = 16 << 10;
    private static final int TRAILER_BYTES = 8;

    private enum State {
        HEADER,
        DATA,
        TRAILER,
        OVER
    }

    private final boolean gzip;
    private final byte[] piece = new byte[PIECE_BYTES];
    private final CRC32 check = new CRC32();
    private byte[] input = new byte[0];
    private int at;
    private int end;
    private State state = State.HEADER;
    private @Nullable Inflater inflater;
    private boolean begun;

    Inflation(boolean gzip) {
        this.gzip = gzip;
    }

    /** Null for a coding that this class doesn't know. */
    static @Nullable Inflation of(String coding) {
        return switch (coding) {
            case "gzip", "x-gzip" -> new Inflation(true);
            case "deflate" -> new Inflation(false);
            default -> null;
        };
    }

    /** Takes more packed bytes; those before need not be unpacked yet. */
    void take(ByteBuf from, int start, int length) {
        begun = true;
        byte[] all = new byte[end - at + length];
        System.arraycopy(input, at, all, 0, end - at);
        from.getBytes(start, all, end - at, length);
        input = all;
        at = 0;
        end = all.length;
    }

    /**
     * The next piece, valid until the next call; null when more input is needed, or all is over.
     *
     * @throws BadReply if the input is not in that coding
     */
    @Nullable ByteBuffer next() throws BadReply {
        while (true) {
            switch (state) {
                case HEADER -> {
                    if (!header()) {
                        return null;
                    }
                    state = State.DATA;
                }
                case DATA -> {
                    int count = inflate();
                    if (count > 0) {
                        return ByteBuffer.wrap(piece, 0, count);
                    }
                    if (state == State.DATA) {
                        return null;
                    }
                }
                case TRAILER -> {
                    if (!trailer()) {
                        return null;
                    }
                    state = State.OVER;
                }
                case OVER -> {
                    return overrun();
                }
            }
        }
    }

    /**
     * The body is over.
     *
     * @throws BadReply if the packed data is not
     */
    void finish() throws BadReply {
        if (begun && state != State.OVER) {
            throw new BadReply("broke off its packed answer");
        }
    }

    /** Frees what the JDK holds outside the heap. */
    void close() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    private boolean header() throws BadReply {
        int length = gzip ? GzipHeader.length(input, at, end) : end - at < 2 ? -1 : 0;
        if (length < 0) {
            return false;
        }
        boolean wrapped = !gzip && (input[at] & 0x0f) == 8 && zlibCheck() % 31 == 0;
        at += length;
        inflater = new Inflater(!wrapped);
        return true;
    }

    private int zlibCheck() {
        return (input[at] & 0xff) << 8 | (input[at + 1] & 0xff);
    }

    private int inflate() throws BadReply {
        Inflater now = inflater;
        if (now == null) {
            return 0;
        }
        now.setInput(input, at, end - at);
        try {
            int count = now.inflate(piece);
            at = end - now.getRemaining();
            check.update(piece, 0, count);
            if (now.needsDictionary()) {
                throw new BadReply("packed its answer with a dictionary");
            }
            if (now.finished() && count == 0) {
                state = gzip ? State.TRAILER : State.OVER;
            }
            return count;
        } catch (DataFormatException e) {
            throw new BadReply("sent a broken packed answer");
        }
    }

    private boolean trailer() throws BadReply {
        Inflater now = inflater;
        if (end - at < TRAILER_BYTES || now == null) {
            return false;
        }
        long crc = GzipHeader.uint32(input, at);
        long size = GzipHeader.uint32(input, at + 4);
        if (crc != check.getValue() || size != (now.getBytesWritten() & 0xffff_ffffL)) {
            throw new BadReply("sent a packed answer whose check sum is wrong");
        }
        at += TRAILER_BYTES;
        return true;
    }

    private @Nullable ByteBuffer overrun() throws BadReply {
        if (at < end) {
            throw new BadReply("sent bytes after the end of its packed answer");
        }
        return null;
    }
}

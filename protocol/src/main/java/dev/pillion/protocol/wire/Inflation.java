package dev.pillion.protocol.wire;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a body that came as {@code gzip} (RFC 1952, any number of members) or {@code deflate}
 * (RFC 1950, or 1951 as some senders do). Holds the packed bytes given to it and hands out pieces
 * of at most {@link #PIECE_BYTES}, so that however far they unpack, memory is bounded by whoever
 * takes them. What is wrong is said as the predicate of a sentence about the body.
 */
public final class Inflation {
    public static final int PIECE_BYTES = 16 << 10;
    private static final int TRAILER_BYTES = 8;

    /** A content coding that is understood (RFC 9110, 8.4.1). */
    public enum Coding {
        GZIP,
        DEFLATE;

        /** The coding of that name in either case; null for one that this class doesn't know. */
        public static @Nullable Coding of(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> GZIP;
                case "deflate" -> DEFLATE;
                default -> null;
            };
        }
    }

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

    public Inflation(Coding coding) {
        this.gzip = coding == Coding.GZIP;
    }

    /** Takes more packed bytes; those before need not be unpacked yet. */
    public void take(ByteBuffer packed) {
        int held = end - at;
        int length = packed.remaining();
        begun |= length > 0;
        byte[] all = held + length <= input.length ? input : new byte[held + length];
        System.arraycopy(input, at, all, 0, held);
        packed.get(all, held, length);
        input = all;
        at = 0;
        end = held + length;
    }

    /**
     * The next piece, valid until the next call; null when more input is needed, or all is over.
     *
     * @throws DataFormatException if the input is not in that coding
     */
    public @Nullable ByteBuffer next() throws DataFormatException {
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
                    if (!another()) {
                        return null;
                    }
                }
            }
        }
    }

    /**
     * The body is over.
     *
     * @throws DataFormatException if the packed data is not
     */
    public void finish() throws DataFormatException {
        if (begun && (state != State.OVER || at < end)) {
            throw new DataFormatException("breaks off before its " + name() + " ends");
        }
    }

    /** Frees what the JDK holds outside the heap. */
    public void close() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    private String name() {
        return gzip ? "gzip" : "deflate";
    }

    private boolean header() throws DataFormatException {
        int length = gzip ? GzipHeader.length(input, at, end) : end - at < 2 ? -1 : 0;
        if (length < 0) {
            return false;
        }
        boolean wrapped = !gzip && (input[at] & 0x0f) == 8 && zlibCheck() % 31 == 0;
        at += length;
        if (inflater == null) {
            inflater = new Inflater(!wrapped);
        } else {
            inflater.reset();
            check.reset();
        }
        return true;
    }

    private int zlibCheck() {
        return (input[at] & 0xff) << 8 | (input[at + 1] & 0xff);
    }

    private int inflate() throws DataFormatException {
        Inflater now = inflater;
        if (now == null) {
            return 0;
        }
        now.setInput(input, at, end - at);
        int count;
        try {
            count = now.inflate(piece);
        } catch (DataFormatException e) { // its message tells of the format's inside
            throw new DataFormatException("is broken " + name());
        }
        at = end - now.getRemaining();
        if (gzip) {
            check.update(piece, 0, count);
        }
        if (now.needsDictionary()) {
            throw new DataFormatException("needs a dictionary to be unpacked");
        }
        if (now.finished() && count == 0) {
            state = gzip ? State.TRAILER : State.OVER;
        }
        return count;
    }

    private boolean trailer() throws DataFormatException {
        Inflater now = inflater;
        if (end - at < TRAILER_BYTES || now == null) {
            return false;
        }
        long crc = GzipHeader.uint32(input, at);
        long size = GzipHeader.uint32(input, at + 4);
        if (crc != check.getValue() || size != (now.getBytesWritten() & 0xffff_ffffL)) {
            throw new DataFormatException("has a wrong check sum in its gzip");
        }
        at += TRAILER_BYTES;
        return true;
    }

    /** Whether another member begins; whatever else may follow is no part of the body. */
    private boolean another() throws DataFormatException {
        if (at == end) {
            return false;
        }
        if (!gzip || input[at] != 0x1f) {
            throw new DataFormatException("goes on after the end of its " + name());
        }
        state = State.HEADER;
        return true;
    }
}

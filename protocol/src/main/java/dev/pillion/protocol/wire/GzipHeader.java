package dev.pillion.protocol.wire;

import java.util.zip.DataFormatException;

/** Finds the end of a gzip member's header (RFC 1952, 2.3). */
final class GzipHeader {
    private static final int FIXED_BYTES = 10;
    private static final int MAX_BYTES = 8 << 10;
    private static final int CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int UNKNOWN = 0xe0;

    private GzipHeader() {}

    /**
     * The header's length; -1 when it isn't all there.
     *
     * @throws DataFormatException if it is none
     */
    static int length(byte[] input, int from, int end) throws DataFormatException {
        int length = lengthOrMinus(input, from, end);
        if (length > MAX_BYTES || (length < 0 && end - from > MAX_BYTES)) {
            throw new DataFormatException("has a gzip header of more than " + MAX_BYTES + " bytes");
        }
        return length;
    }

    static long uint32(byte[] input, int at) {
        return (input[at] & 0xffL)
                | (input[at + 1] & 0xffL) << 8
                | (input[at + 2] & 0xffL) << 16
                | (input[at + 3] & 0xffL) << 24;
    }

    private static int lengthOrMinus(byte[] input, int from, int end) throws DataFormatException {
        if (end - from < FIXED_BYTES) {
            return -1;
        }
        int flags = input[from + 3] & 0xff;
        boolean magic = input[from] == 0x1f && (input[from + 1] & 0xff) == 0x8b;
        if (!magic || input[from + 2] != 8 || (flags & UNKNOWN) != 0) {
            throw new DataFormatException("is not gzip, as it says");
        }
        int at = from + FIXED_BYTES;
        if ((flags & EXTRA) != 0) {
            if (end - at < 2) {
                return -1;
            }
            at += 2 + (input[at] & 0xff) + ((input[at + 1] & 0xff) << 8);
        }
        at = (flags & NAME) != 0 ? afterZero(input, at, end) : at;
        at = (flags & COMMENT) != 0 ? afterZero(input, at, end) : at;
        at += (flags & CRC) != 0 ? 2 : 0;
        return at > end ? -1 : at - from;
    }

    /** Beyond the end when there is no zero. */
    private static int afterZero(byte[] input, int from, int end) {
        int at = from;
        while (at < end && input[at] != 0) {
            at++;
        }
        return at >= end ? end + 1 : at + 1;
    }
}

package dev.pillion.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Tells whether bytes are UTF-8 (RFC 3629): shortest forms, no surrogates, up to U+10FFFF. */
public final class Utf8 {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** The offset of the first byte that is not UTF-8; -1 when all of it is. */
    public static int firstInvalid(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (bytes[at] >= 0) {
                at = nextBeyondAscii(bytes, at + 1, end);
            } else {
                int size = sequence(bytes, at, end);
                if (size == 0) {
                    return at;
                }
                at += size;
            }
        }
        return -1;
    }

    /** The next byte from {@code at} on that is not ASCII; {@code end} when there is none. */
    private static int nextBeyondAscii(byte[] bytes, int from, int end) {
        int at = from;
        while (at + 4 * Long.BYTES <= end && (high(bytes, at) | high(bytes, at + 16)) == 0) {
            at += 4 * Long.BYTES;
        }
        while (at + Long.BYTES <= end) {
            long high = (long) LONGS.get(bytes, at) & HIGH_BITS;
            if (high != 0) {
                return at + (Long.numberOfTrailingZeros(high) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /** The high bits of sixteen bytes, as those of eight. */
    private static long high(byte[] bytes, int at) {
        return ((long) LONGS.get(bytes, at) | (long) LONGS.get(bytes, at + 8)) & HIGH_BITS;
    }

    /** The length of the sequence of two to four bytes that begins here; 0 when none does. */
    private static int sequence(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xFF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return follows(bytes, at + 1, end, 0x80, 0xBF) ? 2 : 0;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            int least = lead == 0xE0 ? 0xA0 : 0x80;
            int most = lead == 0xED ? 0x9F : 0xBF;
            return follows(bytes, at + 1, end, least, most)
                            && follows(bytes, at + 2, end, 0x80, 0xBF)
                    ? 3
                    : 0;
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            int least = lead == 0xF0 ? 0x90 : 0x80;
            int most = lead == 0xF4 ? 0x8F : 0xBF;
            return follows(bytes, at + 1, end, least, most)
                            && follows(bytes, at + 2, end, 0x80, 0xBF)
                            && follows(bytes, at + 3, end, 0x80, 0xBF)
                    ? 4
                    : 0;
        }
        return 0;
    }

    private static boolean follows(byte[] bytes, int at, int end, int least, int most) {
        return at < end && (bytes[at] & 0xFF) >= least && (bytes[at] & 0xFF) <= most;
    }
}

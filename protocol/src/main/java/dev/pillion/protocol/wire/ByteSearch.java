package dev.pillion.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Searches in byte arrays, eight bytes at a time. */
public final class ByteSearch {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;

    private ByteSearch() {}

    /** The first place of the ASCII byte in [from, to); {@code to} without one. */
    public static int indexOf(byte[] bytes, int from, int to, char wanted) {
        long all = wanted * ONES;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long others = (long) LONGS.get(bytes, at) ^ all;
            long found = (others - ONES) & ~others & HIGH_BITS; // Exact for the lowest that is set.
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** The first place of the word, which is ASCII and not empty, in [from, to); -1 without one. */
    public static int indexOf(byte[] bytes, int from, int to, byte[] word) {
        int last = to - word.length;
        for (int at = from; at <= last; at++) {
            at = indexOf(bytes, at, to, (char) word[0]);
            if (at <= last && Arrays.equals(bytes, at, at + word.length, word, 0, word.length)) {
                return at;
            }
        }
        return -1;
    }
}

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
        for (; at + 2 * Long.BYTES <= to; at += 2 * Long.BYTES) {
            long first = found((long) LONGS.get(bytes, at) ^ all);
            long second = found((long) LONGS.get(bytes, at + Long.BYTES) ^ all);
            if ((first | second) != 0) {
                return at + place(first, second);
            }
        }
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** The first place of either ASCII byte in [from, to); {@code to} without one. */
    public static int indexOfEither(byte[] bytes, int from, int to, char one, char other) {
        long ones = one * ONES;
        long others = other * ONES;
        int at = from;
        for (; at + 2 * Long.BYTES <= to; at += 2 * Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            long next = (long) LONGS.get(bytes, at + Long.BYTES);
            long first = found(word ^ ones) | found(word ^ others);
            long second = found(next ^ ones) | found(next ^ others);
            if ((first | second) != 0) {
                return at + place(first, second);
            }
        }
        while (at < to && bytes[at] != one && bytes[at] != other) {
            at++;
        }
        return at;
    }

    /** Marks the bytes that are zero: exact for the lowest mark. */
    private static long found(long others) {
        return (others - ONES) & ~others & HIGH_BITS;
    }

    /** The lowest mark of two words, at least one of which has one, in bytes. */
    static int place(long first, long second) {
        return first != 0
                ? Long.numberOfTrailingZeros(first) >>> 3
                : Long.BYTES + (Long.numberOfTrailingZeros(second) >>> 3);
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

    /** At most eight bytes as one number, the first the lowest. */
    static long word(byte[] bytes, int from, int length) {
        if (from + Long.BYTES <= bytes.length) {
            long word = (long) LONGS.get(bytes, from);
            return length == Long.BYTES ? word : word & ~(-1L << (length << 3));
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (bytes[from + i] & 0xFFL) << (i << 3);
        }
        return word;
    }
}

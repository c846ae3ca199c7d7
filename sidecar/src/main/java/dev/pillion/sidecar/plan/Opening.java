package dev.pillion.sidecar.plan;

import java.util.zip.CRC32C;

/**
 * What a request begins with: checksums of its body's first 1, 4, 16 and 64 KB, as far as it has
 * them, each bound to its caller. A conversation that goes on keeps them; that is how whoever has
 * its beginning cached is known again.
 *
 * @param marks of the shortest beginning first; never changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record Opening(long[] marks, long bytes) {
    private static final int[] SIZES = {1 << 10, 1 << 12, 1 << 14, 1 << 16};
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Too short to be known again. */
    public static final Opening NONE = new Opening(new long[0], 0);

    /** Of a body as the caller sent it. */
    public static Opening of(String caller, byte[] body) {
        int count = count(body.length);
        if (count == 0) {
            return NONE;
        }
        long[] marks = new long[count];
        var sum = new CRC32C();
        int from = 0;
        for (int i = 0; i < count; i++) {
            sum.update(body, from, SIZES[i] - from);
            from = SIZES[i];
            marks[i] = mark(caller.hashCode(), i, sum.getValue());
        }
        return new Opening(marks, body.length);
    }

    /** Of a conversation whose words are not there: its number stands for them. */
    public static Opening of(long conversation, long bytes) {
        long[] marks = new long[count(bytes)];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = mark(0, i, conversation * GOLDEN);
        }
        return new Opening(marks, bytes);
    }

    private static int count(long bytes) {
        int count = 0;
        while (count < SIZES.length && bytes >= SIZES[count]) {
            count++;
        }
        return count;
    }

    private static long mark(int caller, int size, long sum) {
        return (sum * GOLDEN) ^ ((long) caller << 32) ^ (caller * 31L + size);
    }

    /** How many bytes the mark is of. */
    static int bytesOf(int mark) {
        return SIZES[mark];
    }

    /** Whether a body of that length has the mark too. */
    static boolean reaches(long bytes, int mark) {
        return mark < SIZES.length && bytes >= SIZES[mark];
    }
}

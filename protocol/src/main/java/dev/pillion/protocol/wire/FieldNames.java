package dev.pillion.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the names of fields that come again and again, so that each is made once, and once written.
 * Holds at most {@link #SLOTS} names of {@link #MAX_BYTES} each, read and written apart, in one of
 * two places each; a newer one takes the place of an older.
 *
 * <p>Threads share it without a lock: an entry never changes, and one that is overwritten in
 * between is only made again.
 */
final class FieldNames {
    private static final int SLOTS = 1024;
    private static final int SLOT_BITS = 10;
    private static final int MAX_BYTES = 48;
    private static final @Nullable Read[] READ = new Read[SLOTS];
    private static final @Nullable Written[] WRITTEN = new Written[SLOTS];

    /** Odd, and its bits without an order: the golden ratio's. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** A name of bytes; {@code first} and {@code last} are eight of them, or all of fewer. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Read(long first, long last, byte[] bytes, String text) {
        boolean is(long first, long last, byte[] other, int from, int length) {
            return this.first == first
                    && this.last == last
                    && bytes.length == length
                    && (length <= 2 * Long.BYTES
                            || Arrays.equals(bytes, 0, length, other, from, from + length));
        }
    }

    /** {@code json}: the name in quotes and with the colon. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Written(String text, byte[] json) {}

    private FieldNames() {}

    /** The name of these bytes, which are ASCII. */
    static String of(byte[] bytes, int from, int length) {
        long first = ByteSearch.word(bytes, from, Math.min(length, Long.BYTES));
        long last =
                length <= Long.BYTES
                        ? first
                        : ByteSearch.word(bytes, from + length - Long.BYTES, Long.BYTES);
        long mixed = (first * SPREAD ^ last) * SPREAD + length;
        int slot = (int) (mixed >>> (Long.SIZE - SLOT_BITS));
        Read known = READ[slot];
        if (known != null && known.is(first, last, bytes, from, length)) {
            return known.text;
        }
        known = READ[slot ^ 1];
        if (known != null && known.is(first, last, bytes, from, length)) {
            return known.text;
        }
        byte[] own = Arrays.copyOfRange(bytes, from, from + length);
        String text = new String(own, StandardCharsets.ISO_8859_1);
        if (length <= MAX_BYTES) {
            keep(READ, slot, new Read(first, last, own, text));
        }
        return text;
    }

    /** Writes the name in quotes, and the colon. */
    static void write(ByteSink out, String name) {
        int hash = name.hashCode();
        int slot = (hash ^ hash >>> 15) & (SLOTS - 1);
        Written known = WRITTEN[slot];
        if (known == null || !known.text.equals(name)) {
            known = WRITTEN[slot ^ 1];
        }
        if (known != null && known.text.equals(name)) {
            out.write(known.json, 0, known.json.length);
            return;
        }
        int start = out.size;
        JsonText.quoted(out, name);
        out.write(':');
        boolean plain = out.size - start == name.length() + 3;
        if (plain && name.length() <= MAX_BYTES) {
            keep(WRITTEN, slot, new Written(name, Arrays.copyOfRange(out.bytes, start, out.size)));
        }
    }

    private static <T> void keep(@Nullable T[] table, int slot, T entry) {
        boolean other = table[slot] != null && table[slot ^ 1] == null;
        table[other ? slot ^ 1 : slot] = entry;
    }
}

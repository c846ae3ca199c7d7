package dev.pillion.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the names of fields that come again and again, so that each is made once. Holds at most
 * {@link #SLOTS} names of {@link #MAX_BYTES} each; a newer one takes the place of an older.
 *
 * <p>Threads share it without a lock: an entry never changes, and one that is overwritten in
 * between is only made again.
 */
final class FieldNames {
    private static final int SLOTS = 1024;
    private static final int MAX_BYTES = 48;
    private static final @Nullable Entry[] ENTRIES = new Entry[SLOTS];

    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(byte[] bytes, String text) {}

    private FieldNames() {}

    /** The name of these bytes, which are ASCII; {@code hash} is made of them. */
    static String of(byte[] bytes, int from, int length, int hash) {
        int slot = (hash ^ hash >>> 15) & (SLOTS - 1);
        Entry entry = ENTRIES[slot];
        if (entry != null
                && entry.bytes.length == length
                && Arrays.equals(entry.bytes, 0, length, bytes, from, from + length)) {
            return entry.text;
        }
        String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        if (length <= MAX_BYTES) {
            ENTRIES[slot] = new Entry(Arrays.copyOfRange(bytes, from, from + length), text);
        }
        return text;
    }
}

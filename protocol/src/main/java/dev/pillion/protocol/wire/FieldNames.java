package dev.pillion.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the names of fields that come again and again, so that each is made once. Holds at most
 * {@link #SLOTS} names of {@link #MAX_BYTES} each, in one of two places each; a newer one takes the
 * place of an older.
 *
 * <p>Threads share it without a lock: an entry never changes, and one that is overwritten in
 * between is only made again.
 */
final class FieldNames {
    private static final int SLOTS = 1024;
    private static final int MAX_BYTES = 48;
    private static final @Nullable Entry[] ENTRIES = new Entry[SLOTS];

    /** {@code written}: the name as JSON has it, in quotes and with the colon. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(String text, byte[] written) {
        boolean is(byte[] bytes, int from, int length) {
            return text.length() == length
                    && ByteSearch.same(written, 1, bytes, from, length);
        }
    }

    private FieldNames() {}

    /** The name of these bytes, which are ASCII; {@code hash} is made of them. */
    static String of(byte[] bytes, int from, int length, int hash) {
        int slot = slot(hash);
        Entry entry = ENTRIES[slot];
        if (entry != null && entry.is(bytes, from, length)) {
            return entry.text;
        }
        entry = ENTRIES[slot ^ 1];
        if (entry != null && entry.is(bytes, from, length)) {
            return entry.text;
        }
        String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        if (length <= MAX_BYTES) {
            byte[] written = ("\"" + text + "\":").getBytes(StandardCharsets.ISO_8859_1);
            keep(slot, new Entry(text, written));
        }
        return text;
    }

    /** Writes the name in quotes, and the colon. */
    static void write(ByteSink out, String name) {
        int slot = slot(name.hashCode()); // That of its bytes, where it is ASCII.
        Entry entry = ENTRIES[slot];
        if (entry == null || !entry.text.equals(name)) {
            entry = ENTRIES[slot ^ 1];
        }
        if (entry != null && entry.text.equals(name)) {
            out.write(entry.written, 0, entry.written.length);
            return;
        }
        int start = out.size;
        JsonText.quoted(out, name);
        out.write(':');
        boolean plain = out.size - start == name.length() + 3;
        if (plain && name.length() <= MAX_BYTES) {
            keep(slot, new Entry(name, Arrays.copyOfRange(out.bytes, start, out.size)));
        }
    }

    private static void keep(int slot, Entry entry) {
        boolean other = ENTRIES[slot] != null && ENTRIES[slot ^ 1] == null;
        ENTRIES[other ? slot ^ 1 : slot] = entry;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 15) & (SLOTS - 1);
    }
}

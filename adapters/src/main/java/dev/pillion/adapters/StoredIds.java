package dev.pillion.adapters;

import dev.pillion.protocol.wire.ByteSearch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Finds in an answer that goes by the ids of what its vendor may have stored: every string that is
 * such an id and nothing else. Pieces may be cut anywhere.
 *
 * <p>It sees every byte of every stream, so it only looks at what lies between two quotes. What is
 * between two strings always has a comma or a colon in it, which no id has; so it need not know
 * which quote begins a string, but for those that are escaped and begin none.
 */
public final class StoredIds {
    private static final int MAX_ID_BYTES = 128;
    private static final int WINDOW_BYTES = 512;

    /** How ids begin, as of 2026-11-22; after those with a slash comes one segment. */
    private static final byte[][][] BEGINNINGS =
            byFirst(
                    "resp_",
                    "conv_",
                    "cntr_",
                    "container_",
                    "vs_",
                    "batch_",
                    "msgbatch_",
                    "skill_",
                    "file_",
                    "collection_",
                    "audio_",
                    "rs_",
                    "file-",
                    "files/",
                    "cachedContents/",
                    "batches/",
                    "fileSearchStores/");

    /** A UUID's groups of hexadecimal digits are as long as these. */
    private static final String UUID = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    private final Consumer<String> found;
    private final byte[] window = new byte[WINDOW_BYTES];
    private int filled;

    /** The latest quote in the window; -1: none that an id could follow. */
    private int quote = -1;

    /**
     * @param found is told every id, perhaps more than once
     */
    public StoredIds(Consumer<String> found) {
        this.found = found;
    }

    /** The next bytes of the answer; they are left unread. */
    public void body(ByteBuffer piece) {
        int at = piece.position();
        while (at < piece.limit()) {
            int scanned = filled;
            int length = Math.min(piece.limit() - at, window.length - filled);
            piece.get(at, window, filled, length);
            filled += length;
            at += length;
            look(scanned);
            keep();
        }
    }

    private void look(int from) {
        int next = ByteSearch.indexOf(window, from, filled, '"');
        while (next < filled) {
            if (quote >= 0 && isId(quote + 1, next)) {
                found.accept(
                        new String(window, quote + 1, next - quote - 1, StandardCharsets.US_ASCII));
            }
            quote = next > 0 && window[next - 1] == '\\' ? -1 : next;
            next = ByteSearch.indexOf(window, next + 1, filled, '"');
        }
    }

    /** Keeps what may be the beginning of an id, and the last byte: it may escape what follows. */
    private void keep() {
        if (quote >= 0 && filled - quote - 1 > MAX_ID_BYTES) {
            quote = -1;
        }
        int from = quote < 0 ? Math.max(0, filled - 1) : quote;
        filled -= from;
        System.arraycopy(window, from, window, 0, filled);
        quote -= quote < 0 ? 0 : from;
    }

    private static byte[][][] byFirst(String... beginnings) {
        var byFirst = new byte[128][0][];
        for (String each : beginnings) {
            byte[] beginning = each.getBytes(StandardCharsets.US_ASCII);
            byte[][] others = byFirst[beginning[0]];
            byte[][] all = Arrays.copyOf(others, others.length + 1);
            all[others.length] = beginning;
            byFirst[beginning[0]] = all;
        }
        return byFirst;
    }

    private boolean isId(int from, int to) {
        if (to - from > MAX_ID_BYTES || to == from || window[from] < 0) {
            return false;
        }
        for (byte[] beginning : BEGINNINGS[window[from]]) {
            if (begins(beginning, from, to)) {
                return true;
            }
        }
        return isUuid(from, to);
    }

    private boolean begins(byte[] beginning, int from, int to) {
        int rest = from + beginning.length;
        if (rest >= to) {
            return false;
        }
        for (int i = 1; i < beginning.length; i++) {
            if (window[from + i] != beginning[i]) {
                return false;
            }
        }
        boolean segment = beginning[beginning.length - 1] == '/';
        for (int i = rest; i < to; i++) {
            if (!isOfId(window[i]) || (segment && window[i] == '/')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfId(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '_'
                || b == '-'
                || b == '/'
                || b == '.';
    }

    private boolean isUuid(int from, int to) {
        if (to - from != UUID.length()) {
            return false;
        }
        for (int i = 0; i < UUID.length(); i++) {
            byte b = window[from + i];
            boolean digit = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f');
            if (UUID.charAt(i) == '-' ? b != '-' : !digit) {
                return false;
            }
        }
        return true;
    }
}

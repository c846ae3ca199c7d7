package dev.pillion.adapters;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Finds in an answer that goes by the ids of what its vendor may have stored: every string that is
 * such an id and nothing else. Pieces may be cut anywhere.
 */
public final class StoredIds {
    private static final int MAX_ID_BYTES = 128;

    /** How ids begin, or where they are of one form throughout; as of 2026-11-22. */
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:resp|conv|cntr|container|vs|batch|msgbatch|skill|file|collection|audio|rs)_.+"
                        + "|file-.+|(?:files|cachedContents|batches|fileSearchStores)/[^/]+"
                        + "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Consumer<String> found;
    private final byte[] id = new byte[MAX_ID_BYTES];
    private int length = -1;
    private boolean escaped;

    /**
     * @param found is told every id, perhaps more than once
     */
    public StoredIds(Consumer<String> found) {
        this.found = found;
    }

    /** The next bytes of the answer; they are left unread. */
    public void body(ByteBuffer piece) {
        for (int at = piece.position(); at < piece.limit(); at++) {
            next(piece.get(at));
        }
    }

    private void next(byte b) {
        if (escaped) {
            escaped = false;
            length = -1;
        } else if (b == '\\') {
            escaped = true; // A quote inside a text begins no string.
            length = -1;
        } else if (b == '"') {
            if (length > 0) {
                ended();
            }
            length = length < 0 ? 0 : -1;
        } else if (length >= 0) {
            length = length < MAX_ID_BYTES && isOfId(b) ? length + 1 : -1;
            if (length > 0) {
                id[length - 1] = b;
            }
        }
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

    private void ended() {
        String text = new String(id, 0, length, StandardCharsets.US_ASCII);
        if (FORM.matcher(text).matches()) {
            found.accept(text);
        }
    }
}

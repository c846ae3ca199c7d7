package dev.pillion.adapters.gemini;

import dev.pillion.protocol.wire.ByteSearch;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.ByteBuffer;

/**
 * Cuts a JSON body into its objects, however it is chunked: a single one, or the elements of an
 * array, which is how a stream comes without {@code alt=sse}. Only braces, brackets and strings are
 * looked at; what lies between is for the parser. One thread; holds one object of bounded size.
 */
final class GeminiElements {
    /** Takes an object; its bytes stay as they are until it returns. */
    interface Handler {
        void object(byte[] bytes, int from, int length);
    }

    private final int maxBytes;
    private final ByteSink held = new ByteSink(0);
    private int depth;
    private boolean inText;
    private boolean escaped;

    GeminiElements(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes the next piece and hands on every object that it completes.
     *
     * @return false when an object has grown over the limit
     */
    boolean read(ByteBuffer piece, Handler handler) {
        int at = held.size();
        held.write(piece);
        byte[] bytes = held.array();
        int limit = held.size();
        int start = 0;
        while (at < limit) {
            if (depth == 0) { // The array's brackets and commas, and white space.
                start = ByteSearch.indexOf(bytes, at, limit, '{');
                at = start;
            }
            at = at < limit ? next(bytes, at, limit) : limit;
            if (depth == 0 && at - start <= maxBytes && at > start) {
                handler.object(bytes, start, at - start);
                start = at;
            }
            if (at - start > maxBytes) {
                return false;
            }
        }
        held.discard(start);
        return true;
    }

    /** One past the next byte that matters, or past all; at the object's end the depth is 0. */
    private int next(byte[] bytes, int at, int limit) {
        if (escaped) {
            escaped = false;
            return at + 1;
        }
        if (inText) {
            int end = ByteSearch.indexOfEither(bytes, at, limit, '"', '\\');
            inText = end == limit || bytes[end] != '"';
            escaped = end < limit && inText;
            return Math.min(end + 1, limit);
        }
        switch (bytes[at]) {
            case '"' -> inText = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {} // Part of a number, a word, or white space.
        }
        return at + 1;
    }

    /** Whether an object was begun and not ended. */
    boolean isOpen() {
        return depth > 0;
    }
}

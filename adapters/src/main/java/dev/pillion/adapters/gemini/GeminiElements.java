package dev.pillion.adapters.gemini;

import dev.pillion.protocol.wire.ByteSink;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Cuts a JSON body into its objects, however it is chunked: a single one, or the elements of an
 * array, which is how a stream comes without {@code alt=sse}. Only braces, brackets and strings are
 * looked at; what lies between is for the parser. One thread; holds one object of bounded size.
 */
final class GeminiElements {
    private final int maxBytes;
    private final ByteSink held = new ByteSink();
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
    boolean read(ByteBuffer piece, Consumer<byte[]> handler) {
        while (piece.hasRemaining()) {
            byte b = piece.get();
            if (depth == 0) {
                if (b == '{') {
                    depth = 1;
                    held.reset();
                    held.write(b);
                }
                continue; // The array's brackets and commas, and white space.
            }
            held.write(b);
            if (held.size() > maxBytes) {
                return false;
            }
            if (closes(b)) {
                handler.accept(held.toByteArray());
                held.reset();
            }
        }
        return true;
    }

    private boolean closes(byte b) {
        if (inText) {
            boolean ends = b == '"' && !escaped;
            escaped = b == '\\' && !escaped;
            inText = !ends;
            return false;
        }
        switch (b) {
            case '"' -> inText = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {} // Part of a number, a word, or white space.
        }
        return depth == 0;
    }

    /** Whether an object was begun and not ended. */
    boolean isOpen() {
        return depth > 0;
    }
}

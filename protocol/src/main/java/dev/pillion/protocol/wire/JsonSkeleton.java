package dev.pillion.protocol.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of any length, in pieces, down to its bones: objects keep their fields, and strings of
 * at most 256 bytes stay; longer ones are emptied, and numbers in arrays left out. So a picture or
 * a thousand vectors leave a few bytes, with all that is said beside them.
 */
public final class JsonSkeleton {
    private static final int MAX_STRING_BYTES = 256;

    private final ByteSink bones = new ByteSink(0);
    private final byte[] string = new byte[MAX_STRING_BYTES];
    private final BitSet arrays = new BitSet();
    private final int maxBytes;
    private int depth;
    private int stringBytes;
    private boolean inString;
    private boolean escaped;
    private boolean comma;
    private boolean scalar;
    private boolean lost;

    /** {@code maxBytes}: beyond, all is given up. */
    public JsonSkeleton(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The next bytes. */
    public void read(byte[] bytes, int from, int to) {
        for (int at = from; at < to && !lost; at++) {
            next(bytes[at]);
        }
    }

    /** The next byte. */
    public void next(byte b) {
        if (inString) {
            inString(b);
            return;
        }
        switch (b) {
            case '"' -> {
                inString = true;
                stringBytes = 0;
            }
            case '{', '[' -> open(b);
            case '}', ']' -> close(b);
            case ',' -> {
                comma = true;
                scalar = false;
            }
            case ':' -> bones.write(b);
            case ' ', '\t', '\n', '\r' -> {}
            default -> scalar(b);
        }
        lost |= bones.size() > maxBytes;
    }

    private void inString(byte b) {
        if (b == '"' && !escaped) {
            inString = false;
            valueBegins();
            bones.write('"');
            bones.write(string, 0, stringBytes > MAX_STRING_BYTES ? 0 : stringBytes);
            bones.write('"');
            return;
        }
        escaped = b == '\\' && !escaped;
        if (stringBytes < MAX_STRING_BYTES) {
            string[stringBytes] = b;
        }
        stringBytes = Math.min(stringBytes + 1, MAX_STRING_BYTES + 1);
    }

    private void open(byte b) {
        valueBegins();
        bones.write(b);
        arrays.set(depth++, b == '[');
        lost |= depth > Json.MAX_DEPTH;
    }

    private void close(byte b) {
        bones.write(b);
        comma = false;
        scalar = false;
        depth = Math.max(0, depth - 1);
    }

    /** A digit or letter of a number or a word; within an array it has no name, and is not kept. */
    private void scalar(byte b) {
        if (depth > 0 && arrays.get(depth - 1)) {
            return;
        }
        if (!scalar) {
            valueBegins();
            scalar = true;
        }
        bones.write(b);
    }

    /** A value or a field begins; what was left out before it needs no comma. */
    private void valueBegins() {
        byte last = bones.isEmpty() ? 0 : bones.array()[bones.size() - 1];
        if (comma && last != '[' && last != '{') {
            bones.write(',');
        }
        comma = false;
        scalar = false;
    }

    /** Bytes kept so far. */
    public int size() {
        return bones.size();
    }

    /** Whether the bytes kept so far have that text in them, which is ASCII. */
    public boolean has(byte[] text) {
        byte[] all = bones.array();
        for (int at = 0; at <= bones.size() - text.length; at++) {
            int same = 0;
            while (same < text.length && all[at + same] == text[same]) {
                same++;
            }
            if (same == text.length) {
                return true;
            }
        }
        return false;
    }

    /** What was read; null where it was no JSON, or too much. */
    public @Nullable JsonNode value() {
        if (lost || inString || depth > 0) {
            return null;
        }
        try {
            return Json.read(bones.array(), 0, bones.size());
        } catch (MalformedJson e) {
            return null; // which only means that nobody reads it here
        }
    }

    /** Ready for another value. */
    public void reset() {
        bones.reset();
        depth = 0;
        inString = false;
        escaped = false;
        comma = false;
        scalar = false;
        lost = false;
    }
}

package dev.pillion.adapters.gemini;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Spans in UTF-8 bytes, as the vendor counts them: checked, found again, and counted anew. */
final class Utf8Spans {
    private Utf8Spans() {}

    /** A span in bytes of one of several texts. */
    record Span(int text, int start, int end) {}

    /** Whether those bytes are those words. */
    static boolean is(byte[] bytes, int start, int end, String words) {
        if (end > bytes.length || start > end) {
            return false;
        }
        byte[] wanted = words.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(bytes, start, end, wanted, 0, wanted.length);
    }

    /** How many code points lie before the byte. */
    static int codePoints(byte[] bytes, int offset) {
        int count = 0;
        for (int i = 0; i < Math.min(offset, bytes.length); i++) {
            count += isInner(bytes[i]) ? 0 : 1;
        }
        return count;
    }

    private static boolean isInner(byte b) {
        return (b & 0xC0) == 0x80;
    }

    /**
     * Where a span lies that is not simply in the text it says: the words, where they are known and
     * found, nearest to where they should be; else the offsets, first as those of all the texts one
     * behind the other, then cut to the text named.
     */
    static Span find(List<byte[]> texts, int named, int start, int end, @Nullable String words) {
        Span joined = inJoined(texts, start, end);
        if (words == null) {
            return joined == null ? cut(texts, named, start, end) : joined;
        }
        if (joined != null && is(texts.get(joined.text()), joined.start(), joined.end(), words)) {
            return joined;
        }
        Span nearest = nearest(texts, start, words.getBytes(StandardCharsets.UTF_8));
        return nearest == null ? cut(texts, named, start, end) : nearest;
    }

    /** The span in the texts one behind the other; null where it is not within one of them. */
    private static @Nullable Span inJoined(List<byte[]> texts, int start, int end) {
        int before = 0;
        for (int i = 0; i < texts.size(); i++) {
            int length = texts.get(i).length;
            if (start >= before && end <= before + length) {
                return snapped(texts, i, start - before, end - before);
            }
            before += length;
        }
        return null;
    }

    private static @Nullable Span nearest(List<byte[]> texts, int start, byte[] words) {
        Span best = null;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < texts.size(); i++) {
            byte[] text = texts.get(i);
            for (int at = indexOf(text, words, 0); at >= 0; at = indexOf(text, words, at + 1)) {
                long distance = Math.abs((long) at - start);
                if (distance < least) {
                    least = distance;
                    best = new Span(i, at, at + words.length);
                }
            }
        }
        return best;
    }

    private static int indexOf(byte[] text, byte[] words, int from) {
        for (int at = from; at + words.length <= text.length; at++) {
            if (Arrays.equals(text, at, at + words.length, words, 0, words.length)) {
                return at;
            }
        }
        return -1;
    }

    /** As much of the span as lies in the text named; the whole text where nothing does. */
    private static Span cut(List<byte[]> texts, int named, int start, int end) {
        int text = named >= 0 && named < texts.size() ? named : 0;
        int length = texts.get(text).length;
        Span cut = snapped(texts, text, Math.min(start, length), Math.min(end, length));
        return cut.start() < cut.end() ? cut : new Span(text, 0, length);
    }

    /** Moves the ends outwards to where characters begin. */
    private static Span snapped(List<byte[]> texts, int text, int start, int end) {
        byte[] bytes = texts.get(text);
        int from = start;
        while (from > 0 && from < bytes.length && isInner(bytes[from])) {
            from--;
        }
        int to = end;
        while (to < bytes.length && isInner(bytes[to])) {
            to++;
        }
        return new Span(text, from, to);
    }
}

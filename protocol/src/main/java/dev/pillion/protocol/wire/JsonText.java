package dev.pillion.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the words of JSON text into a sink, as Jackson writes them. */
final class JsonText {
    /** Texts up to this length are written character by character, longer ones at once. */
    private static final int SHORT_CHARS = 32;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long QUESTION_MARKS = 0x3F3F_3F3F_3F3F_3F3FL;

    private JsonText() {}

    /** Appends text that is ASCII. */
    static void ascii(ByteSink out, String text) {
        int length = text.length();
        out.room(length);
        for (int i = 0; i < length; i++) {
            out.bytes[out.size + i] = (byte) text.charAt(i);
        }
        out.size += length;
    }

    /** Appends the number in decimal digits. */
    static void number(ByteSink out, long number) {
        if (number < 0 || number > Integer.MAX_VALUE) {
            ascii(out, Long.toString(number));
            return;
        }
        int digits = 1;
        for (long most = 10; number >= most; most *= 10) {
            digits++;
        }
        out.room(digits);
        int rest = (int) number;
        for (int at = out.size + digits - 1; at >= out.size; at--) {
            out.bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        out.size += digits;
    }

    /** Appends a string in quotes. Half of a character, which UTF-8 can't tell, is escaped. */
    static void quoted(ByteSink out, String text) {
        int length = text.length();
        out.room(length + 2);
        out.bytes[out.size++] = '"';
        if (length > SHORT_CHARS || !plain(out, text, length)) {
            encoded(out, text);
        }
        out.write('"');
    }

    /** Most texts are Latin-1, and of these the JDK has the bytes at hand. */
    private static void encoded(ByteSink out, String text) {
        int before = out.size;
        if (latin(out, text, text.getBytes(StandardCharsets.ISO_8859_1))) {
            return;
        }
        out.size = before;
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (isSame(text, utf8)) {
            utf8(out, utf8);
        } else {
            halves(out, text);
        }
    }

    /** Appends a short text of plain ASCII; false, and nothing, where it is none. */
    private static boolean plain(ByteSink out, String text, int length) {
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
            out.bytes[out.size + i] = (byte) c;
        }
        out.size += length;
        return true;
    }

    /** What could not be encoded has become a question mark that the text does not have. */
    private static boolean isSame(String text, byte[] encoded) {
        int marks = 0;
        int i = 0;
        for (; i + Long.BYTES <= encoded.length; i += Long.BYTES) {
            long others = (long) LONGS.get(encoded, i) ^ QUESTION_MARKS;
            marks += Long.bitCount(~((others & LOW_BITS) + LOW_BITS | others | LOW_BITS));
        }
        for (; i < encoded.length; i++) {
            marks += encoded[i] == '?' ? 1 : 0;
        }
        for (int at = text.indexOf('?'); marks > 0 && at >= 0; at = text.indexOf('?', at + 1)) {
            marks--;
        }
        return marks == 0;
    }

    /**
     * Appends a text of which these are the bytes in Latin-1; false where it has none. The first
     * character that can't be told so has become a question mark in its place.
     */
    private static boolean latin(ByteSink out, String text, byte[] latin) {
        int at = 0;
        int odd = 0;
        while (true) {
            odd = nextOdd(latin, odd);
            if (odd < latin.length && latin[odd] == '?') {
                if (text.charAt(odd) != '?') {
                    return false;
                }
                odd++;
                continue;
            }
            out.write(latin, at, odd - at);
            if (odd == latin.length) {
                return true;
            }
            if (latin[odd] < 0) {
                out.write(0xC0 | (latin[odd] >> 6 & 3));
                out.write(0x80 | (latin[odd] & 0x3F));
            } else {
                escape(out, latin[odd]);
            }
            odd++;
            at = odd;
        }
    }

    /**
     * The next byte that is not written as it is, or is a question mark; the length without one.
     */
    private static int nextOdd(byte[] latin, int from) {
        int i = from;
        for (; i + 2 * Long.BYTES <= latin.length; i += 2 * Long.BYTES) {
            long first = odd((long) LONGS.get(latin, i));
            long second = odd((long) LONGS.get(latin, i + Long.BYTES));
            if ((first | second) != 0) {
                return i + ByteSearch.place(first, second);
            }
        }
        while (i < latin.length && latin[i] >= ' ' && !isMarked(latin[i])) {
            i++;
        }
        return i;
    }

    private static long odd(long word) {
        return JsonLexer.odd(word) | (((word ^ QUESTION_MARKS) - ONES) & HIGH_BITS);
    }

    private static boolean isMarked(byte b) {
        return b == '"' || b == '\\' || b == '?';
    }

    private static void utf8(ByteSink out, byte[] utf8) {
        int at = 0;
        while (true) {
            int special = JsonLexer.nextSpecial(utf8, at, utf8.length);
            out.write(utf8, at, special - at);
            if (special == utf8.length) {
                return;
            }
            escape(out, utf8[special]);
            at = special + 1;
        }
    }

    private static void escape(ByteSink out, byte b) {
        int letter =
                switch (b) {
                    case '"', '\\' -> b;
                    case '\b' -> 'b';
                    case '\f' -> 'f';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    case '\t' -> 't';
                    default -> 'u';
                };
        out.write('\\');
        out.write(letter);
        if (letter == 'u') {
            hex(out, b);
        }
    }

    private static void hex(ByteSink out, int code) {
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.write(HEX[code >> shift & 0xF]);
        }
    }

    private static void halves(ByteSink out, String text) {
        int at = 0;
        while (at < text.length()) {
            int code = text.codePointAt(at);
            int next = at + Character.charCount(code);
            if (code <= 0xFFFF && Character.isSurrogate((char) code)) {
                out.write('\\');
                out.write('u');
                hex(out, code);
            } else {
                utf8(out, text.substring(at, next).getBytes(StandardCharsets.UTF_8));
            }
            at = next;
        }
    }
}

package dev.pillion.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts JSON text (RFC 8259) in a byte array into its words, eight bytes at a time. The bytes have
 * been found to be UTF-8. What is not JSON ends in {@link Unreadable}: whoever catches it has
 * Jackson say what is wrong.
 */
final class JsonLexer {
    /** Says only that this is no JSON. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Unreadable() {
            super("not JSON", null, false, false);
        }
    }

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;

    /** More digits than this may not fit a long. */
    private static final int LONG_DIGITS = 18;

    /** How long an escape is behind its backslash, by its letter; 0 where it is none. */
    private static final byte[] ESCAPE_BYTES = new byte[128];

    static {
        for (char letter : "\"\\/bfnrt".toCharArray()) {
            ESCAPE_BYTES[letter] = 1;
        }
        ESCAPE_BYTES['u'] = 5;
    }

    final byte[] bytes;
    final int end;

    /** The next byte to be looked at. */
    int at;

    /** Where the string or number read last begins, within its quotes, and one past its end. */
    int from;

    int to;

    /** Of a number: whether it has a fraction or an exponent. */
    boolean fraction;

    /** Whether an escape has told half of a character, alone or not, in a text that was taken. */
    boolean halves;

    private boolean escaped;
    private int digits;
    private long value;
    private byte[] plain = {};

    JsonLexer(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    /**
     * Marks the first byte that a JSON string may not hold as it is: quote, backslash, control.
     * Marks above it mean nothing, since what is borrowed for it is taken from them.
     */
    static long special(long word) {
        return suspects(word) & ~word & HIGH_BITS;
    }

    /** Likewise, or the first byte beyond ASCII. */
    static long odd(long word) {
        return (suspects(word) | word) & HIGH_BITS;
    }

    private static long suspects(long word) {
        long quote = (word ^ ('"' * ONES)) - ONES;
        long slash = (word ^ ('\\' * ONES)) - ONES;
        return quote | slash | (word - ' ' * ONES);
    }

    /** The first special byte from {@code at} on; {@code end} when there is none. */
    static int nextSpecial(byte[] bytes, int at, int end) {
        int i = at;
        for (; i + 2 * Long.BYTES <= end; i += 2 * Long.BYTES) {
            long first = special((long) LONGS.get(bytes, i));
            long second = special((long) LONGS.get(bytes, i + Long.BYTES));
            if ((first | second) != 0) {
                return i + ByteSearch.place(first, second);
            }
        }
        while (i < end && (bytes[i] < 0 || (bytes[i] >= ' ' && !isQuoteOrSlash(bytes[i])))) {
            i++;
        }
        return i;
    }

    /** Likewise, or a byte beyond ASCII. */
    static int nextOdd(byte[] bytes, int at, int end) {
        int i = at;
        for (; i + 2 * Long.BYTES <= end; i += 2 * Long.BYTES) {
            long first = odd((long) LONGS.get(bytes, i));
            long second = odd((long) LONGS.get(bytes, i + Long.BYTES));
            if ((first | second) != 0) {
                return i + ByteSearch.place(first, second);
            }
        }
        while (i < end && bytes[i] >= ' ' && !isQuoteOrSlash(bytes[i])) {
            i++;
        }
        return i;
    }

    private static boolean isQuoteOrSlash(byte b) {
        return b == '"' || b == '\\';
    }

    static Unreadable unreadable() {
        return new Unreadable();
    }

    /** The next byte that is no white space, not yet passed; -1 at the end. */
    int peek() {
        while (at < end) {
            byte b = bytes[at];
            if (b > ' ') {
                return b;
            }
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                throw unreadable();
            }
            at++;
        }
        return -1;
    }

    /** Passes the byte, which must come next. */
    void expect(char wanted) {
        if (peek() != wanted) {
            throw unreadable();
        }
        at++;
    }

    /** Passes a string whose opening quote has been passed. */
    void string() {
        from = at;
        escaped = false;
        int i = at;
        while (true) {
            i = nextSpecial(bytes, i, end);
            if (i == end || bytes[i] < ' ') {
                throw unreadable();
            }
            if (bytes[i] == '"') {
                to = i;
                at = i + 1;
                return;
            }
            escaped = true;
            i = escape(i + 1);
        }
    }

    /** One past the escape whose backslash has been passed. */
    private int escape(int i) {
        int size = i < end && bytes[i] >= 0 ? ESCAPE_BYTES[bytes[i]] : 0;
        if (size == 0 || i + size > end || (size > 1 && hex(bytes, i + 1) < 0)) {
            throw unreadable();
        }
        return i + size;
    }

    /** Four hexadecimal digits; negative when one is none. */
    private static int hex(byte[] bytes, int at) {
        int code = 0;
        int wrong = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
            wrong |= digit;
            code = (code << 4) | digit;
        }
        return wrong < 0 ? -1 : code;
    }

    /** The text of the string passed last. */
    String text() {
        int next = at;
        at = from;
        String text = passText();
        at = next;
        return text;
    }

    /** Passes a string whose opening quote has been passed; its text. */
    String passText() {
        int odd = nextOdd(bytes, at, end);
        if (odd == end || bytes[odd] != '"') {
            return mixed(odd);
        }
        from = at;
        to = odd;
        at = odd + 1;
        escaped = false;
        return from == to ? "" : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /**
     * Likewise, of a string that is not plain ASCII: put together as Latin-1, which is how the JDK
     * keeps it, unless a character is none of it.
     *
     * @param odd the first byte that does not stand for itself
     */
    private String mixed(int odd) {
        from = at;
        int size = 0;
        int i = at;
        int next = odd;
        while (true) {
            int count = next - i;
            if (size + count >= plain.length) {
                plain = Arrays.copyOf(plain, Math.max(size + count + 1, 2 * plain.length));
            }
            System.arraycopy(bytes, i, plain, size, count);
            size += count;
            if (next == end || (bytes[next] >= 0 && bytes[next] < ' ')) {
                throw unreadable();
            }
            if (bytes[next] == '"') {
                to = next;
                at = next + 1;
                return new String(plain, 0, size, StandardCharsets.ISO_8859_1);
            }
            i = bytes[next] < 0 ? next + 2 : escape(next + 1);
            int code = bytes[next] < 0 ? latinAt(next) : code(next);
            if (code < 0 || code > 0xFF) {
                return beyondLatin();
            }
            plain[size++] = (byte) code;
            next = nextOdd(bytes, i, end);
        }
    }

    private String beyondLatin() {
        string();
        return escaped ? unescaped() : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The character of two bytes that begins here; negative where it has more, or is beyond. */
    private int latinAt(int i) {
        boolean two = bytes[i] == (byte) 0xC2 || bytes[i] == (byte) 0xC3;
        return two ? ((bytes[i] & 3) << 6) | (bytes[i + 1] & 0x3F) : -1;
    }

    /** Halves of a character, escaped, are joined, or kept, which UTF-8 could not. */
    private String unescaped() {
        var text = new StringBuilder(to - from);
        int i = from;
        while (i < to) {
            int slash = nextSpecial(bytes, i, to);
            text.append(new String(bytes, i, slash - i, StandardCharsets.UTF_8));
            i = slash;
            if (i < to) {
                char c = (char) code(i);
                halves |= Character.isSurrogate(c);
                text.append(c);
                i += bytes[i + 1] == 'u' ? 6 : 2;
            }
        }
        return text.toString();
    }

    /** What the escape at the backslash stands for. */
    private int code(int slash) {
        return switch (bytes[slash + 1]) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex(bytes, slash + 2);
            default -> bytes[slash + 1];
        };
    }

    /** Whether the string passed last is empty. */
    boolean isEmpty() {
        return from == to;
    }

    /** Passes a field's name whose opening quote has been passed, and the colon. */
    String name() {
        int i = nextOdd(bytes, at, end);
        String name;
        if (i < end && bytes[i] == '"') {
            name = FieldNames.of(bytes, at, i - at);
            at = i + 1;
        } else {
            string();
            name = text();
        }
        expect(':');
        return name;
    }

    /** Passes a number, which begins here. */
    void number() {
        from = at;
        boolean negative = bytes[at] == '-';
        int i = negative ? at + 1 : at;
        int first = i;
        value = 0;
        for (; i < end && isDigit(bytes[i]); i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        digits = i - first;
        if (digits == 0 || (digits > 1 && bytes[first] == '0')) {
            throw unreadable();
        }
        value = negative ? -value : value;
        fraction = false;
        int count = digits;
        if (i < end && bytes[i] == '.') {
            int after = digits(i + 1);
            count += after - i - 1;
            i = after;
            fraction = true;
        }
        if (i < end && (bytes[i] | 0x20) == 'e') {
            int sign = i + 1 < end && (bytes[i + 1] == '+' || bytes[i + 1] == '-') ? 1 : 0;
            int after = digits(i + 1 + sign);
            count += after - i - 1 - sign;
            i = after;
            fraction = true;
        }
        to = i;
        at = i;
        if (count > Json.MAX_NUMBER_CHARS) {
            throw unreadable();
        }
        ended();
    }

    /** One past the digits that begin here, of which there must be one. */
    private int digits(int first) {
        int i = first;
        while (i < end && isDigit(bytes[i])) {
            i++;
        }
        if (i == first) {
            throw unreadable();
        }
        return i;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** A number or a word must have come to its end. */
    private void ended() {
        if (at == end) {
            return;
        }
        switch (bytes[at]) {
            case ' ', '\n', '\r', '\t', ',', ']', '}' -> {}
            default -> throw unreadable();
        }
    }

    /** Whether the number passed last is a whole one that a long holds. */
    boolean isLong() {
        return !fraction && (digits <= LONG_DIGITS || bigInteger().bitLength() < Long.SIZE);
    }

    /** The number passed last, where it is such a one. */
    long longValue() {
        return digits <= LONG_DIGITS ? value : bigInteger().longValue();
    }

    BigInteger bigInteger() {
        return new BigInteger(digitsText());
    }

    /** The number passed last; unreadable where its exponent is too large to be one. */
    BigDecimal decimal() {
        try {
            return new BigDecimal(digitsText());
        } catch (NumberFormatException e) {
            throw unreadable();
        }
    }

    String digitsText() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Passes the word, which must begin here. */
    void word(String word) {
        int length = word.length();
        if (end - at < length) {
            throw unreadable();
        }
        for (int i = 0; i < length; i++) {
            if (bytes[at + i] != word.charAt(i)) {
                throw unreadable();
            }
        }
        at += length;
        ended();
    }
}

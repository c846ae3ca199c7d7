package dev.pillion.sidecar.account;

import java.nio.charset.StandardCharsets;

/**
 * The scan behind {@link PromptSize}: a few instructions a byte, and nothing allocated. Words are
 * counted as tokenizers cut them: a short one is one token, of a long one every five letters are,
 * and of digits every three.
 */
final class PromptScan {
    /** Longer runs without a space are no words: base64 and its like. */
    private static final int MIN_OPAQUE = 128;

    /** Longer ones are pictures, sounds and documents rather than seals. */
    private static final int MIN_MEDIA = 16 << 10;

    private static final int LETTER = 0;
    private static final int DIGIT = 1;
    private static final int SPACE = 2;
    private static final int MARK = 3;
    private static final int WIDE = 4;

    /** The further bytes of a character. */
    private static final int REST = 5;

    private static final byte[] KIND = new byte[256];
    private static final boolean[] CODED = new boolean[256];

    /** Where fields at the root of a body lead to. */
    private static final int ELSEWHERE = 0;

    private static final int MESSAGES = 1;
    private static final int TOOLS = 2;
    private static final int FORMAT = 3;

    /** Nearer to the root a format has settings, and no schema. */
    private static final int SCHEMA_DEPTH = 3;

    private static final byte[][] MESSAGE_FIELDS =
            bytes(
                    "messages",
                    "system",
                    "input",
                    "instructions",
                    "contents",
                    "systemInstruction",
                    "system_instruction",
                    "content",
                    "requests",
                    "prompt");
    private static final byte[][] TOOL_FIELDS = bytes("tools", "functions");
    private static final byte[][] FORMAT_FIELDS =
            bytes(
                    "text",
                    "response_format",
                    "output_config",
                    "output_format",
                    "generationConfig",
                    "generation_config",
                    "output");

    /** Of whose values a prompt has nothing, or a mark. */
    private static final byte[][] WORDLESS =
            bytes(
                    "type",
                    "id",
                    "call_id",
                    "tool_call_id",
                    "tool_use_id",
                    "status",
                    "media_type",
                    "mimeType",
                    "mime_type",
                    "ttl",
                    "detail",
                    "phase");

    private static final byte[][] SEALED =
            bytes(
                    "thinking",
                    "reasoning_content",
                    "reasoning",
                    "encrypted_content",
                    "signature",
                    "thoughtSignature",
                    "thought_signature",
                    "seal");
    private static final byte[][] ROLE = bytes("role");
    private static final byte[][] PICTURES = bytes("image\"", "image_url\"", "input_image\"");
    private static final byte[][] PICTURE_TYPES = bytes("image/", "data:image/");

    static {
        for (int i = 0; i < 256; i++) {
            KIND[i] = (byte) (i >= 0xC0 ? WIDE : i >= 0x80 ? REST : MARK);
        }
        for (int i = 'a'; i <= 'z'; i++) {
            KIND[i] = LETTER;
            KIND[i - 32] = LETTER;
            CODED[i] = true;
            CODED[i - 32] = true;
        }
        for (int i = '0'; i <= '9'; i++) {
            KIND[i] = DIGIT;
            CODED[i] = true;
        }
        for (char each : "+/=_-".toCharArray()) {
            CODED[each] = true;
        }
        KIND[' '] = SPACE;
    }

    private final byte[] body;
    private long text;
    private long tools;
    private long format;
    private int values;
    private int opaque;
    private int pictures;
    private int pictureTypes;
    private int blobs;
    private long mostTenths;
    private long leastQuarters;
    private int section;
    private int depth;
    private int keyStart;
    private int keyLength;

    PromptScan(byte[] body) {
        this.body = body;
    }

    private static byte[][] bytes(String... words) {
        byte[][] all = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            all[i] = words[i].getBytes(StandardCharsets.US_ASCII);
        }
        return all;
    }

    PromptSize scan() {
        int at = 0;
        while (at < body.length) {
            byte each = body[at++];
            switch (each) {
                case '"' -> at = string(at);
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    if (KIND[each & 0xFF] == DIGIT) {
                        at = number(at);
                    }
                }
            }
            mostTenths += 10;
        }
        return new PromptSize(
                (int) (text / 10),
                values,
                (int) (tools / 10),
                (int) (format / 10),
                opaque,
                Math.max(Math.max(pictures, pictureTypes), blobs),
                mostTenths / 10,
                leastQuarters * 3 / 16);
    }

    private int number(int at) {
        int end = at;
        while (end < body.length && KIND[body[end] & 0xFF] == DIGIT) {
            end++;
        }
        mostTenths += (end - at) * 10L;
        values += section == MESSAGES ? 1 : 0;
        return end;
    }

    /** Takes the text that begins there; where it ends. */
    private int string(int start) {
        int tenths = 0;
        int quarters = 0;
        int kind = MARK;
        int length = 0;
        int coded = 0;
        int tenthsBefore = 0;
        int quartersBefore = 0;
        int at = start;
        for (; at < body.length && body[at] != '"'; at++) {
            int each = body[at] & 0xFF;
            int now = KIND[each];
            if (CODED[each]) {
                coded++;
            } else {
                if (coded >= MIN_OPAQUE) {
                    run(coded);
                    tenths = tenthsBefore;
                    quarters = quartersBefore;
                    length = 0;
                }
                coded = 0;
            }
            if (now == kind) {
                length++;
            } else if (now != REST) {
                tenths += tenths(kind, length);
                quarters += quarters(kind, length);
                kind = now;
                length = 1;
            }
            if (coded == 1) {
                tenthsBefore = tenths;
                quartersBefore = quarters;
            }
            mostTenths += now == LETTER || now == SPACE ? 6 : 10;
            if (each == '\\') {
                at = escaped(at);
            }
        }
        if (coded >= MIN_OPAQUE) {
            run(coded);
            tenths = tenthsBefore;
            quarters = quartersBefore;
        } else {
            tenths += tenths(kind, length);
            quarters += quarters(kind, length);
        }
        mostTenths += 10;
        took(start, at, tenths, quarters);
        return at + 1;
    }

    /** The last byte of the escape that begins there. */
    private int escaped(int at) {
        int last = at + 1 < body.length && body[at + 1] == 'u' ? at + 5 : at + 1;
        mostTenths += (last - at) * 10L;
        return last;
    }

    private static int tenths(int kind, int length) {
        return switch (kind) {
            case LETTER -> length <= 8 ? (length == 0 ? 0 : 10) : (length + 4) / 5 * 10;
            case DIGIT -> (length + 2) / 3 * 10;
            case SPACE -> length > 1 ? 10 : 0;
            case WIDE -> length * 10;
            default -> length * 7;
        };
    }

    /**
     * What no tokenizer makes less of, in quarters: a word or a number is a token or more, of other
     * scripts up to four characters are one, and marks and spaces may all be part of others.
     */
    private static int quarters(int kind, int length) {
        return switch (kind) {
            case LETTER, DIGIT -> length > 0 ? 4 : 0;
            case WIDE -> length;
            default -> 0;
        };
    }

    /** Random letters make more tokens than words do. */
    private void run(int length) {
        mostTenths += length * 4L;
        if (length >= MIN_MEDIA) {
            blobs++;
        } else {
            opaque += length;
        }
    }

    private void took(int start, int end, int tenths, int quarters) {
        int next = end + 1;
        while (next < body.length && (body[next] == ' ' || body[next] == '\n')) {
            next++;
        }
        if (next < body.length && body[next] == ':') {
            key(start, end - start, tenths);
        } else {
            value(start, end - start, tenths, quarters);
        }
    }

    private void key(int start, int length, int tenths) {
        if (depth == 1) {
            section = section(start, length);
            return;
        }
        keyStart = start;
        keyLength = length;
        switch (section) {
            case TOOLS -> tools += tenths;
            case FORMAT -> format += depth >= SCHEMA_DEPTH ? tenths : 0;
            default -> {}
        }
    }

    private int section(int start, int length) {
        if (isOne(MESSAGE_FIELDS, start, length)) {
            return MESSAGES;
        }
        if (isOne(TOOL_FIELDS, start, length)) {
            return TOOLS;
        }
        return isOne(FORMAT_FIELDS, start, length) ? FORMAT : ELSEWHERE;
    }

    private void value(int start, int length, int tenths, int quarters) {
        switch (section) {
            case TOOLS -> tools += tenths;
            case FORMAT -> format += depth >= SCHEMA_DEPTH ? tenths : 0;
            case MESSAGES -> said(start, length, tenths, quarters);
            default -> {}
        }
    }

    private void said(int start, int length, int tenths, int quarters) {
        if (isOne(PICTURES, start, -1)) {
            pictures++;
        } else if (isOne(PICTURE_TYPES, start, -1)) {
            pictureTypes++;
        } else if (isOne(ROLE, keyStart, keyLength)) {
            values++;
        } else if (isOne(SEALED, keyStart, keyLength)) {
            opaque += tenths > 0 ? length : 0; // A long run in it has been counted.
        } else if (!isOne(WORDLESS, keyStart, keyLength)) {
            text += tenths;
            leastQuarters += quarters;
            values++;
        }
    }

    /** Whether one of the words begins there; and ends there, too, where a length is given. */
    private boolean isOne(byte[][] words, int start, int length) {
        for (byte[] word : words) {
            if (length >= 0 && word.length != length) {
                continue;
            }
            if (start + word.length <= body.length && starts(word, start)) {
                return true;
            }
        }
        return false;
    }

    private boolean starts(byte[] word, int start) {
        for (int i = 0; i < word.length; i++) {
            if (body[start + i] != word[i]) {
                return false;
            }
        }
        return true;
    }
}

package dev.pillion.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    /** Bytes that differ in one bit from those looked for, which carries could take for them. */
    private static final byte[] NEAR = {
        0, 1, 9, 10, 11, 12, 13, 14, 33, 34, 35, 127, -128, -118, -1
    };

    private final Random random = new Random(11);

    @Test
    void findsWhatALoopFinds() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes();
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            int quote = from;
            while (quote < to && bytes[quote] != '"') {
                quote++;
            }
            int end = from;
            while (end < to && bytes[end] != '\n' && bytes[end] != '\r') {
                end++;
            }
            String where = Arrays.toString(bytes) + " from " + from + " to " + to;
            assertEquals(quote, ByteSearch.indexOf(bytes, from, to, '"'), where);
            assertEquals(end, ByteSearch.indexOfEither(bytes, from, to, '\n', '\r'), where);
        }
    }

    @Test
    void aWordHoldsTheBytesAndNoMore() {
        byte[] bytes = new byte[40];
        random.nextBytes(bytes);
        for (int from = 0; from < bytes.length; from++) {
            for (int length = 0; length <= Math.min(8, bytes.length - from); length++) {
                long word = 0;
                for (int i = from + length - 1; i >= from; i--) {
                    word = word << 8 | (bytes[i] & 0xFF);
                }
                assertEquals(word, ByteSearch.word(bytes, from, length), from + ", " + length);
            }
        }
    }

    /** Now full of what is looked for and its neighbours, now nearly without. */
    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            if (random.nextInt(4) == 0) {
                bytes[i] = NEAR[random.nextInt(NEAR.length)];
            } else if (random.nextBoolean()) {
                bytes[i] = 'a';
            }
        }
        return bytes;
    }
}

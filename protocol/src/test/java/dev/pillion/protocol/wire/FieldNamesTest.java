package dev.pillion.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FieldNamesTest {
    @Test
    void tellsNamesApartThatDifferInOneByte() {
        for (int turn = 0; turn < 2; turn++) { // The second finds what the first has kept.
            for (int length = 0; length <= 60; length++) {
                byte[] name = "n".repeat(length).getBytes(UTF_8);
                assertKept(name);
                for (int at = 0; at < length; at++) {
                    name[at] = 'm';
                    assertKept(name);
                    name[at] = 'n';
                }
            }
        }
    }

    @Test
    void writesNamesAsJson() {
        String[] names = {"", "a", "choices", "with \"quotes\"", "é", "\u2028\n", "x".repeat(300)};
        for (int turn = 0; turn < 2; turn++) {
            for (String name : names) {
                var out = new ByteSink(0);
                FieldNames.write(out, name);
                var expected = new ByteSink(0);
                JsonText.quoted(expected, name);
                expected.write(':');
                assertArrayEquals(expected.toByteArray(), out.toByteArray());
            }
        }
    }

    /** Also where nothing follows it in the array. */
    private static void assertKept(byte[] name) {
        String text = new String(name, UTF_8);
        assertEquals(text, FieldNames.of(name, 0, name.length));
        byte[] within = ("{\"" + text + "\":null}").getBytes(UTF_8);
        assertEquals(text, FieldNames.of(within, 2, name.length));
    }
}

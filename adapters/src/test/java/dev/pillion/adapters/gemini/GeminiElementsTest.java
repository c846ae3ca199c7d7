package dev.pillion.adapters.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeminiElementsTest {
    private static final List<String> OBJECTS =
            List.of(
                    "{}",
                    "{\"a\":[{\"b\":[1,{}]}]}",
                    "{\"text\":\"}]{[ and \\\"} and \\\\\"}",
                    "{\"long\":\"" + "no end } of it, ".repeat(20) + "\\u00e9é\"}");

    @Test
    void cutsAnArrayIntoItsObjectsHoweverItComes() {
        byte[] body = ("[" + String.join(",\r\n", OBJECTS) + "]\n").getBytes(UTF_8);
        for (int each = 1; each <= body.length; each++) {
            assertEquals(OBJECTS, read(new GeminiElements(10_000), body, each), "by " + each);
        }
    }

    @Test
    void anObjectMayBeAsLargeAsTheLimitAndNoLarger() {
        byte[] body = "[{\"a\":123},{\"b\":4567}]".getBytes(UTF_8);
        assertEquals(List.of("{\"a\":123}", "{\"b\":4567}"), read(new GeminiElements(10), body, 4));
        assertEquals(List.of("{\"a\":123}"), read(new GeminiElements(9), body, 30));
        var small = new GeminiElements(9);
        assertFalse(
                small.read(ByteBuffer.wrap("{\"never closed\":".getBytes(UTF_8)), (_, _, _) -> {}));
    }

    @Test
    void isOpenWithinAnObjectAlone() {
        var elements = new GeminiElements(100);
        read(elements, "[{\"a\":1},".getBytes(UTF_8), 3);
        assertFalse(elements.isOpen());
        read(elements, "{\"b\":\"}".getBytes(UTF_8), 3);
        assertTrue(elements.isOpen());
        assertEquals(List.of("{\"b\":\"}\"}"), read(elements, "\"}".getBytes(UTF_8), 1));
        assertFalse(elements.isOpen());
    }

    private static List<String> read(GeminiElements elements, byte[] body, int each) {
        List<String> objects = new ArrayList<>();
        for (int at = 0; at < body.length; at += each) {
            var piece = ByteBuffer.wrap(body, at, Math.min(each, body.length - at));
            boolean fits =
                    elements.read(
                            piece,
                            (bytes, from, length) ->
                                    objects.add(new String(bytes, from, length, UTF_8)));
            if (!fits) {
                break;
            }
        }
        return objects;
    }
}

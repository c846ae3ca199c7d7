package dev.pillion.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSkeletonTest {
    private static JsonNode bones(String json, int pieceBytes) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        var skeleton = new JsonSkeleton(1_000);
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            skeleton.read(bytes, at, Math.min(bytes.length, at + pieceBytes));
        }
        return skeleton.value();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":[1,2.5e3,-4],\"c\":null} | {\"a\":1,\"b\":[],\"c\":null}",
                "[[1,2],[3],{\"x\":[true,\"s\",false,\"t\"]}] | [[],[],{\"x\":[\"s\",\"t\"]}]",
                "{ \"a\" : \"q\\\"\\\\\" , \"b\":{}, \"c\":[] } |"
                        + " {\"a\":\"q\\\"\\\\\",\"b\":{},\"c\":[]}",
                "[1,{\"a\":\"é\"},2,{\"b\":2},3] | [{\"a\":\"é\"},{\"b\":2}]",
                "17 | 17",
            })
    void fieldsStayAndNumbersInArraysGo(String json, String bones) throws MalformedJson {
        for (int pieceBytes : new int[] {1, 2, 7, 1_000}) {
            assertEquals(Json.read(bones), bones(json, pieceBytes));
        }
    }

    @Test
    void aStringThatIsLongIsEmptiedAndCostsNothing() throws MalformedJson {
        String longest = "x".repeat(256);
        String json = "{\"a\":\"" + longest + "\",\"b\":\"" + "y".repeat(300_000) + "\",\"c\":3}";
        assertEquals(
                Json.read("{\"a\":\"" + longest + "\",\"b\":\"\",\"c\":3}"), bones(json, 4_096));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"a\":1", "{\"a\":\"b", "]", "audio", "{\"a\":1}}"})
    void whatIsNoWholeJsonIsNothing(String text) {
        assertNull(bones(text, 3));
    }

    @Test
    void tooManyBonesAreNothing() {
        assertNull(bones("[" + "{\"a\":1},".repeat(500) + "{}]", 100));
    }

    @Test
    void aSkeletonServesOneValueAfterTheOther() {
        var skeleton = new JsonSkeleton(100);
        byte[] first = "{\"usage\":".getBytes(StandardCharsets.UTF_8);
        skeleton.read(first, 0, first.length);
        assertTrue(skeleton.has("\"usage".getBytes(StandardCharsets.UTF_8)));
        skeleton.reset();
        skeleton.read(new byte[] {'{', '}'}, 0, 2);
        assertEquals(Json.object(), skeleton.value());
    }
}

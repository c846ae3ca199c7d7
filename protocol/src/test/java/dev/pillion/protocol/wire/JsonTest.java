package dev.pillion.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{} {}",
                "{}x",
                "",
                "   ",
                "[1,]",
                "{'a':1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "\"tab\tinside\"",
                "[1",
                "nul",
                "1e99999999999"
            })
    @DisplayName("F54: what is not strict JSON is refused")
    void whatIsNotStrictJsonIsRefused(String text) {
        assertThrows(MalformedJson.class, () -> Json.read(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    @DisplayName("F54: a thousand levels pass, one more does not")
    void depthIsBounded() throws Exception {
        assertTrue(Json.read("[".repeat(1000) + "]".repeat(1000)).isArray());
        assertThrows(MalformedJson.class, () -> Json.read("[".repeat(1001) + "]".repeat(1001)));
    }

    @Test
    @DisplayName("F54: a number of a thousand digits passes, a longer one does not")
    void numbersAreBounded() throws Exception {
        assertTrue(Json.read("9".repeat(1000)).isNumber());
        assertThrows(MalformedJson.class, () -> Json.read("9".repeat(1001)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xC0AF, 0xFF, 0xC3, 0xED80})
    @DisplayName("F54: bytes that are not UTF-8 are refused")
    void invalidUtf8IsRefused(int bad) {
        byte[] bytes = {'"', 'a', (byte) (bad > 0xFF ? bad >> 8 : bad), (byte) bad, '"'};
        assertThrows(MalformedJson.class, () -> Json.read(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.50", "12345678901234567890123", "0.1", "1E+400"})
    void numbersStayAsTheyAre(String number) throws Exception {
        assertEquals(number, Json.text(Json.read(number)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": \"canary\" \"canary\"}", "canary", "{\"a\": canary}"})
    @DisplayName("F50: the message of a parse error shows nothing of the text")
    void parseErrorsDoNotQuote(String text) {
        var error =
                assertThrows(
                        MalformedJson.class,
                        () -> Json.read(text.getBytes(StandardCharsets.UTF_8)));
        assertFalse(String.valueOf(error.getMessage()).contains("canary"), error.getMessage());
    }
}

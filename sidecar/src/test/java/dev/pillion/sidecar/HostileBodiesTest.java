package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** F54 on every surface: what a vendor might read in another way than we do reaches none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileBodiesTest {
    private static final String TEXT = "hello";
    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
        assertFalse(bed.log().contains(TEXT), "a prompt stands in the log");
    }

    enum Trick {
        DUPLICATE_KEY,
        DUPLICATE_KEY_DEEP_IN_AN_UNKNOWN_FIELD,
        DUPLICATE_KEY_ESCAPED,
        DEEP_NESTING,
        DEEP_NESTING_UNCLOSED,
        HUGE_NUMBER,
        HUGE_EXPONENT,
        NO_NUMBER,
        BROKEN_UTF_8,
        OVERLONG_UTF_8,
        ENCODED_SURROGATE,
        BYTE_ORDER_MARK,
        UTF_16,
        UTF_32,
        RAW_CONTROL_CHARACTER,
        SECOND_VALUE,
        TRAILING_COMMA,
        COMMENT,
        SINGLE_QUOTES,
        CUT,
        EMPTY,
        BLANK,
        NULL,
        ARRAY;

        byte[] on(String body) {
            return switch (this) {
                case DUPLICATE_KEY -> with(body, "\"zz\":1,\"zz\":2");
                case DUPLICATE_KEY_DEEP_IN_AN_UNKNOWN_FIELD ->
                        with(body, "\"zz\":{\"a\":[{\"b\":1,\"b\":2}]}");
                case DUPLICATE_KEY_ESCAPED -> with(body, "\"zz\":1,\"z\\u007a\":2");
                case DEEP_NESTING -> with(body, "\"zz\":" + "[".repeat(1_500) + "]".repeat(1_500));
                case DEEP_NESTING_UNCLOSED -> bytes("[".repeat(200_000));
                case HUGE_NUMBER -> with(body, "\"temperature\":" + "9".repeat(5_000));
                case HUGE_EXPONENT ->
                        with(body, "\"max_tokens\":1e999999999,\"generationConfig\":1e99999999");
                case NO_NUMBER -> with(body, "\"temperature\":NaN");
                case BROKEN_UTF_8 -> inText(body, 0xC3);
                case OVERLONG_UTF_8 -> inText(body, 0xC0, 0xAF);
                case ENCODED_SURROGATE -> inText(body, 0xED, 0xA0, 0x80);
                case BYTE_ORDER_MARK -> bytes("\ufeff" + body);
                case UTF_16 -> body.getBytes(StandardCharsets.UTF_16LE);
                case UTF_32 -> body.getBytes(Charset.forName("UTF-32BE"));
                case RAW_CONTROL_CHARACTER -> inText(body, 1);
                case SECOND_VALUE -> bytes(body + "{}");
                case TRAILING_COMMA -> bytes(body.substring(0, body.length() - 1) + ",}");
                case COMMENT -> bytes("/* x */" + body);
                case SINGLE_QUOTES -> bytes(body.replace('"', '\''));
                case CUT -> bytes(body.substring(0, body.length() - 1));
                case EMPTY -> new byte[0];
                case BLANK -> bytes(" \n");
                case NULL -> bytes("null");
                case ARRAY -> bytes("[" + body + "]");
            };
        }

        private static byte[] with(String body, String field) {
            return bytes(body.substring(0, body.length() - 1) + "," + field + "}");
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static byte[] inText(String body, int... odd) {
            byte[] bytes = bytes(body.replace(TEXT, TEXT + "~".repeat(odd.length)));
            int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('~');
            for (int i = 0; i < odd.length; i++) {
                bytes[at + i] = (byte) odd[i];
            }
            return bytes;
        }
    }

    static Stream<Arguments> tricks() {
        return Arrays.stream(Way.values())
                .flatMap(way ->
                        Arrays.stream(Trick.values()).map(trick -> Arguments.of(way, trick)));
    }

    @ParameterizedTest
    @MethodSource("tricks")
    @DisplayName("F54 a body that could be read in two ways gets 400 in the surface's shape")
    void hostileBodies(Way way, Trick trick) throws Exception {
        long asked = asked();
        for (String how : List.of("auto", "never")) {
            HttpResponse<String> answer =
                    bed.post(
                            way.path(way.own, false),
                            trick.on(way.body(way.own, TEXT, false)),
                            "x-pillion-passthrough",
                            how);
            assertEquals(400, answer.statusCode(), answer.body());
            refusedForGood(way, answer);
        }
        boolean unknownField = trick == Trick.HUGE_EXPONENT; // not ours to judge everywhere
        assertTrue(asked == asked() || unknownField, "a vendor was asked");
    }

    private static void refusedForGood(Way way, HttpResponse<String> answer) throws Exception {
        String type = way.errorType(answer.body()).toLowerCase(Locale.ROOT);
        boolean fits =
                Stream.of("inval", "unsupported", "not_found", "model_not_found")
                        .anyMatch(type::startsWith);
        assertTrue(fits, answer.body());
        assertEquals("false", answer.headers().firstValue("x-should-retry").orElse(""));
    }

    private long asked() {
        return Stream.of(bed.anthropic, bed.openai, bed.gemini, bed.xai)
                .mapToLong(vendor -> vendor.log().requestCount())
                .sum();
    }

    static Stream<Arguments> surrogates() {
        return Arrays.stream(Way.values())
                .flatMap(way ->
                        Stream.of("\\ud83d", "\\udc00\\ud800", "\\uDBFFx")
                                .map(half -> Arguments.of(way, half)));
    }

    @ParameterizedTest
    @MethodSource("surrogates")
    @DisplayName("F54 half of a character is refused where it would have to be written anew")
    void halfCharacters(Way way, String half) throws Exception {
        HttpResponse<String> answer =
                bed.post(
                        way.path(way.own, false),
                        way.body(way.own, TEXT + half, false),
                        "x-pillion-passthrough",
                        "never");
        assertEquals(400, answer.statusCode(), answer.body());
        refusedForGood(way, answer);
    }

    static Stream<Arguments> names() {
        List<String> names =
                List.of(
                        "../x",
                        "openai/../../x",
                        "openai/gpt-4.1%2f..",
                        "..%2f..%2fadmin",
                        "openai/gpt-4.1\\nx: y",
                        "openai/gpt-4.1\\r\\n\\r\\nGET / HTTP/1.1",
                        "openai/gpt-4.1?x=1",
                        "openai/gpt-4.1#a",
                        "openai/gpt-4.1\\u0000",
                        "a".repeat(5_000));
        return Arrays.stream(Way.values())
                .filter(way -> !way.path("M", false).contains("M"))
                .flatMap(way -> names.stream().map(name -> Arguments.of(way, name)));
    }

    @ParameterizedTest
    @MethodSource("names")
    @DisplayName("F54 a trick in a model's name finds no model")
    void tricksInTheName(Way way, String name) throws Exception {
        long asked = asked();
        HttpResponse<String> answer = bed.post(way.path(name, false), way.body(name, TEXT, false));
        assertTrue(answer.statusCode() == 404 || answer.statusCode() == 400, answer.body());
        refusedForGood(way, answer);
        assertEquals(asked, asked(), "a vendor was asked");
    }
}

package dev.pillion.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our reading and writing of JSON, beside that of Jackson with the same strictness. */
class JsonAgainstJacksonTest {
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(1_000).build())
                    .build();
    private static final JsonMapper JACKSON =
            JsonMapper.builder(FACTORY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final String[] WORDS = {
        "true",
        "false",
        "null",
        "0",
        "-0",
        "7",
        "-12",
        "2147483647",
        "2147483648",
        "-2147483648",
        "999999999999999999",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "123456789012345678901234567890",
        "1.0",
        "1.50",
        "0.0",
        "-0.0",
        "1e3",
        "1E+400",
        "2.5e-7",
        "\"\"",
        "\"plain\"",
        "\"seventeen letters, and then some more of them\"",
        "\"caf\u00e9 \u2028 \ud83d\ude00\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0041\\u00e9\\u20AC\\u0000\\u001f\\u007F\"",
        "\"a\\ud83d\\ude00b\\ud800c\\udc00\"",
        "\"just before the end of a word\\n\"",
        "{}",
        "[]",
        "[ ]",
        "{ }"
    };

    private static final String[] NAMES = {
        "a",
        "b",
        "type",
        "content_block_delta",
        "caf\u00e9",
        "with \\\"quotes\\\"",
        "\\u0061",
        "",
        "a name that is longer than the names that are kept for another time to be used"
    };

    /** JSON text, most of it valid, with all kinds of white space. */
    private static String text(Random random, int depth) {
        int kind = depth == 0 ? 2 : random.nextInt(3);
        String space = random.nextInt(6) == 0 ? " \n\t\r" : "";
        if (kind == 2) {
            return space + WORDS[random.nextInt(WORDS.length)] + space;
        }
        var inside = new StringBuilder();
        int size = random.nextInt(depth == 1 ? 24 : 4);
        for (int i = 0; i < size; i++) {
            inside.append(i == 0 ? "" : space + ",");
            if (kind == 0) {
                String name = NAMES[random.nextInt(NAMES.length)];
                String own = random.nextInt(300) == 0 ? "" : Integer.toString(i);
                inside.append(space).append('"').append(name).append(own).append("\":");
            }
            inside.append(text(random, depth - 1));
        }
        return space + (kind == 0 ? "{" + inside + "}" : "[" + inside + "]") + space;
    }

    /** The same text with a byte too many, one too few, or another in its place. */
    private static byte[] damaged(byte[] text, Random random) {
        String other = "\"\\{}[]:,0123456789.eE+-truefalsn \t\n\u0001/u";
        int at = random.nextInt(text.length);
        byte b = (byte) other.charAt(random.nextInt(other.length()));
        var out = new ByteArrayOutputStream();
        out.write(text, 0, at);
        switch (random.nextInt(3)) {
            case 0 -> out.write(text, at + 1, text.length - at - 1);
            case 1 -> {
                out.write(b);
                out.write(text, at + 1, text.length - at - 1);
            }
            default -> {
                out.write(b);
                out.write(text, at, text.length - at);
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    @DisplayName("F54: what is read, streamed or as a tree, and what is refused is as Jackson's")
    void readsWhatJacksonReads(int seed) throws IOException {
        var random = new Random(seed);
        int valid = 0;
        int invalid = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] text = text(random, random.nextInt(5)).getBytes(UTF_8);
            byte[] one = i % 2 == 0 ? text : damaged(text, random);
            if (compare(one)) {
                valid++;
            } else {
                invalid++;
            }
        }
        assertTrue(valid > 9_000 && invalid > 5_000, valid + " valid, " + invalid + " not");
    }

    private static boolean compare(byte[] utf8) throws IOException {
        if (Utf8.firstInvalid(utf8, 0, utf8.length) >= 0) {
            return false; // Of that Jackson takes some, and we none.
        }
        String shown = new String(utf8, UTF_8);
        byte[] within = new byte[utf8.length + 5];
        System.arraycopy(utf8, 0, within, 2, utf8.length);
        List<String> expected = tokens(FACTORY.createParser(utf8));
        List<String> ours = tokens(Json.parser(within, 2, utf8.length));
        for (int i = 0; i < Math.min(expected.size(), ours.size()); i++) {
            assertEquals(expected.get(i), ours.get(i), shown);
        }
        assertEquals(expected.size(), ours.size(), shown);
        JsonNode tree;
        try {
            tree = JACKSON.readTree(utf8);
        } catch (IOException | NumberFormatException e) {
            assertNull(read(within, utf8.length), shown);
            return false;
        }
        if (tree.isMissingNode()) {
            assertNull(read(within, utf8.length), shown);
            return false;
        }
        JsonNode read = read(within, utf8.length);
        assertNotNull(read, shown);
        assertEquals(tree, read, shown);
        assertEquals(JACKSON.writeValueAsString(tree), JACKSON.writeValueAsString(read), shown);
        return true;
    }

    private static JsonNode read(byte[] within, int length) {
        try {
            return Json.read(within, 2, length);
        } catch (MalformedJson e) {
            return null;
        }
    }

    /** All that a scan asks of each token, or what is wrong with the text. */
    private static List<String> tokens(JsonParser parser) {
        List<String> said = new ArrayList<>();
        try (parser) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                said.add(told(parser, token));
            }
        } catch (JsonProcessingException e) {
            return List.of(String.valueOf(MalformedJson.of(e).getMessage()));
        } catch (IOException e) {
            return List.of(e.toString());
        }
        return said;
    }

    private static String told(JsonParser parser, JsonToken token) throws IOException {
        long start = parser.currentTokenLocation().getByteOffset();
        String told = token + " at " + start + " of " + parser.currentName() + ": ";
        told += parser.getText() + " " + parser.getTextLength();
        if (token == JsonToken.VALUE_STRING || token.isStructEnd()) {
            told += " to " + parser.currentLocation().getByteOffset();
        }
        if (token.isNumeric()) {
            told += " " + parser.getNumberType() + " " + parser.getDoubleValue();
        }
        return told;
    }

    @Test
    @DisplayName("F54: a name that comes twice is found among few and among many, and when skipped")
    void repeatedNamesAreFound() throws IOException {
        for (int size : new int[] {2, 15, 16, 17, 40}) {
            var text = new StringBuilder("{\"x\":{");
            for (int i = 0; i < size; i++) {
                text.append("\"n").append(i).append("\":{\"n0\":[],\"y\":{}},");
            }
            byte[] good = (text + "\"z\":0}}").getBytes(UTF_8);
            byte[] bad = (text + "\"n\\u0030\":0}}").getBytes(UTF_8);
            assertTrue(compare(good));
            assertTrue(!compare(bad));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    void writesTreesAsJackson(int seed) throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            JsonNode tree = JACKSON.readTree(valid(random));
            String text = JACKSON.writeValueAsString(tree);
            if (!text.contains("\ud800c")) {
                assertEquals(text, Json.text(tree));
                assertArrayEquals(JACKSON.writeValueAsBytes(tree), Json.bytes(tree));
            }
            assertEquals(tree, Json.read(Json.bytes(tree)));
        }
    }

    private static String valid(Random random) {
        while (true) {
            String text = text(random, 4);
            try {
                JACKSON.readTree(text);
                return text;
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("Duplicate"), e.getMessage());
            }
        }
    }

    /** Texts of every length around a word's, with something to escape at every place. */
    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        String[] odd = {"\"", "\\", "\n", "\u0001", "\u001f", "\u007f", "\u00e9", "\u20ac", "?"};
        for (int length = 0; length < 44; length++) {
            String plain = "x".repeat(length);
            texts.add(plain);
            for (String each : odd) {
                texts.add(plain + each);
                texts.add(each + plain);
                texts.add(plain + each + plain);
            }
        }
        return texts;
    }

    @Test
    void writesValuesAsJackson() throws IOException {
        var expected = new ByteArrayOutputStream();
        var sink = new ByteSink();
        sink.write("data: ");
        try (JsonGenerator theirs = JACKSON.createGenerator(expected);
                JsonGenerator ours = Json.generator(sink)) {
            for (JsonGenerator json : List.of(theirs, ours)) {
                values(json);
            }
        }
        assertEquals("data: " + expected.toString(UTF_8), text(sink));
    }

    private static String text(ByteSink sink) {
        return new String(sink.toByteArray(), UTF_8);
    }

    private static void values(JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (String text : texts()) {
            json.writeStringField("t" + text, text);
        }
        json.writeStringField("null", null);
        json.writeNullField("n");
        json.writeBooleanField("b", true);
        json.writeArrayFieldStart("numbers");
        for (long number : new long[] {0, 9, 10, 99, 100, Integer.MAX_VALUE, 1L << 31, -1, -99}) {
            json.writeNumber(number);
            json.writeNumber((int) number);
        }
        json.writeNumber(Long.MIN_VALUE);
        json.writeNumber(1.5);
        json.writeNumber(Double.NaN);
        json.writeNumber(0.1f);
        json.writeNumber(new BigDecimal("1.50"));
        json.writeNumber(BigInteger.TEN.pow(30));
        json.writeEndArray();
        json.writeObjectFieldStart("o");
        json.writeObjectField("tree", JACKSON.readTree("{\"a\":[1,{}],\"b\":\"\\n\"}"));
        json.writeFieldName("null");
        json.writeTree(null);
        json.writeEndObject();
        json.writeEndObject();
    }

    @Test
    @DisplayName("half of a character is written as an escape, and is there when it is read again")
    void halfOfACharacterIsKept() throws MalformedJson {
        for (String half : List.of("\ud800", "\udc00", "a?\ud800?\ud83d\ude00\"", "\udc00\ud800")) {
            for (String text : List.of(half, half + "x".repeat(50) + half)) {
                JsonNode node = Json.nodes().textNode(text);
                assertEquals(text, Json.read(Json.bytes(node)).textValue());
            }
        }
        assertEquals("\"\\uD800\"", Json.text(Json.nodes().textNode("\ud800")));
    }

    private static final String[] PIECES = {
        "a",
        "plain words, ",
        "?",
        "\"",
        "\\",
        "\n",
        "\u0001",
        "\u007f",
        "\u0080",
        "\u00e9",
        "\u00ff",
        "\u0100",
        "\u6f22",
        "\ud83d\ude00",
        "\ud800",
        "\udc00"
    };

    @ParameterizedTest
    @ValueSource(ints = {8, 11, 14, 16})
    @DisplayName("text of any characters is written as Jackson writes it, and read again")
    void anyTextIsKept(int kinds) throws IOException, MalformedJson {
        var random = new Random(kinds);
        var escaping =
                JACKSON.copy()
                        .enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature())
                        .getFactory();
        for (int i = 0; i < 3_000; i++) {
            var made = new StringBuilder();
            for (int left = random.nextInt(24); left > 0; left--) {
                made.append(PIECES[random.nextInt(kinds)]);
            }
            String text = made.toString();
            byte[] ours = Json.bytes(Json.nodes().textNode(text));
            assertEquals(text, Json.read(ours).textValue());
            if (kinds <= 14) { // Jackson writes no halves.
                assertEquals(JACKSON.writeValueAsString(text), new String(ours, UTF_8));
            }
            var escaped = new StringWriter();
            try (JsonGenerator json = escaping.createGenerator(escaped)) {
                json.writeString(text);
            }
            JsonNode read = Json.read(escaped.toString().getBytes(UTF_8));
            assertEquals(text, read.textValue());
        }
    }
}

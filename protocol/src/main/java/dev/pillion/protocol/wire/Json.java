package dev.pillion.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Strict JSON (RFC 8259): no duplicate keys, nothing after the value, numbers kept exactly, at most
 * {@link #MAX_DEPTH} levels and {@link #MAX_NUMBER_CHARS} characters in a number.
 */
public final class Json {
    public static final int MAX_DEPTH = 1_000;
    public static final int MAX_NUMBER_CHARS = 1_000;
    private static final int MAX_STRING_CHARS = 256 << 20;

    private static final int MAX_SIZE_HINT = 1 << 20;

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(MAX_NUMBER_CHARS)
                                    .maxStringLength(MAX_STRING_CHARS)
                                    .build())
                    .build();

    private static final JsonMapper MAPPER =
            JsonMapper.builder(FACTORY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    /** For a value within others, after which more comes. */
    private static final ObjectReader INNER =
            MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /** The tree of the whole text. */
    public static JsonNode read(byte[] utf8) throws MalformedJson {
        return read(utf8, 0, utf8.length);
    }

    /** The tree of the whole text, of which somebody has made sure that it is UTF-8. */
    public static JsonNode readUtf8(byte[] utf8) throws MalformedJson {
        return readText(utf8).root();
    }

    /**
     * What was read.
     *
     * @param halves whether a string may hold half of a character: an escape told of one
     */
    public record Text(JsonNode root, boolean halves) {}

    /** The tree of the whole text, of which somebody has made sure that it is UTF-8. */
    public static Text readText(byte[] utf8) throws MalformedJson {
        var lexer = new JsonLexer(utf8, 0, utf8.length);
        try {
            JsonNode root = new JsonTree(lexer, MAPPER.getNodeFactory()).whole();
            return new Text(root, lexer.halves);
        } catch (JsonLexer.Unreadable e) {
            return new Text(slowly(utf8, 0, utf8.length), true);
        }
    }

    /** Likewise, of an object without the named field, which is not even looked into. */
    public static JsonNode readUtf8Without(byte[] utf8, String field) throws MalformedJson {
        try {
            var lexer = new JsonLexer(utf8, 0, utf8.length);
            return new JsonTree(lexer, MAPPER.getNodeFactory()).wholeWithout(field);
        } catch (JsonLexer.Unreadable e) {
            JsonNode node = slowly(utf8, 0, utf8.length);
            if (node instanceof ObjectNode object) {
                object.remove(field);
            }
            return node;
        }
    }

    /** The tree of a part of the array. */
    public static JsonNode read(byte[] utf8, int offset, int length) throws MalformedJson {
        int invalid = Utf8.firstInvalid(utf8, offset, length);
        if (invalid >= 0) {
            throw new MalformedJson(
                    "not UTF-8 at byte " + (invalid - offset), "", invalid - offset);
        }
        return tree(utf8, offset, length);
    }

    private static JsonNode tree(byte[] utf8, int offset, int length) throws MalformedJson {
        try {
            return new JsonTree(new JsonLexer(utf8, offset, length), MAPPER.getNodeFactory())
                    .whole();
        } catch (JsonLexer.Unreadable e) {
            return slowly(utf8, offset, length);
        }
    }

    /** Jackson says what is wrong, or finds that nothing is. */
    private static JsonNode slowly(byte[] utf8, int offset, int length) throws MalformedJson {
        try {
            JsonNode node = MAPPER.readTree(utf8, offset, length);
            if (node.isMissingNode()) {
                throw new MalformedJson("no JSON value (expected: one)", "", 0);
            }
            return node;
        } catch (JsonProcessingException e) {
            throw MalformedJson.of(e);
        } catch (NumberFormatException e) {
            throw new MalformedJson("a number with an exponent that is too large", "", 0);
        } catch (IOException e) {
            throw new MalformedJson("not UTF-8 text: " + e.getMessage(), "", 0);
        }
    }

    /** The tree of the text. */
    public static JsonNode read(String text) throws MalformedJson {
        if (!hasSurrogates(text)) {
            return readUtf8(text.getBytes(StandardCharsets.UTF_8));
        }
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node.isMissingNode()) {
                throw new MalformedJson("no JSON value (expected: one)", "", 0);
            }
            return node;
        } catch (JsonProcessingException e) {
            throw MalformedJson.of(e);
        }
    }

    /** Half of a pair can't be told in UTF-8. */
    private static boolean hasSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** A streaming parser over a part of the array, with the same strictness. */
    public static BytesParser parser(byte[] utf8, int offset, int length) throws IOException {
        int invalid = Utf8.firstInvalid(utf8, offset, length);
        if (invalid >= 0) {
            throw new CharConversionException("not UTF-8 at byte " + (invalid - offset));
        }
        return new BytesParser(FACTORY, utf8, offset, length);
    }

    /** The same over text of which somebody has made sure that it is UTF-8. */
    public static BytesParser parserOfUtf8(byte[] utf8, int offset, int length) {
        return new BytesParser(FACTORY, utf8, offset, length);
    }

    /** The tree of the one value that the parser is at; the parser stays at its end. */
    public static JsonNode value(JsonParser parser) throws IOException {
        return INNER.readTree(parser);
    }

    /** A generator of compact UTF-8; closing it does not close the target. */
    public static JsonGenerator generator(ByteSink target) {
        return new SinkGenerator(target);
    }

    public static byte[] bytes(JsonNode node) {
        return sink(node).toByteArray();
    }

    /** The compact text of the tree. */
    public static String text(JsonNode node) {
        ByteSink sink = sink(node);
        return new String(sink.array(), 0, sink.size(), StandardCharsets.UTF_8);
    }

    /** The compact text of the tree, in a sink of its own that is about as large. */
    public static ByteSink sink(JsonNode node) {
        var sink = new ByteSink(sizeHint(node));
        new SinkGenerator(sink).writeTree(node);
        return sink;
    }

    /**
     * About how many bytes the text of the tree has, so that they need not be moved as it grows.
     */
    private static int sizeHint(JsonNode node) {
        if (node.isTextual()) {
            int length = node.textValue().length();
            return length + length / 8 + 8;
        }
        int sum = 8;
        for (JsonNode inner : node) {
            sum = Math.min(sum + 12 + sizeHint(inner), MAX_SIZE_HINT);
        }
        return sum;
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static JsonNodeFactory nodes() {
        return MAPPER.getNodeFactory();
    }
}

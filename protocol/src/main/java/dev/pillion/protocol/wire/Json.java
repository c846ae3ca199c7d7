package dev.pillion.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Strict JSON (RFC 8259): no duplicate keys, nothing after the value, numbers kept exactly, at most
 * {@link #MAX_DEPTH} levels and {@link #MAX_NUMBER_CHARS} characters in a number.
 */
public final class Json {
    public static final int MAX_DEPTH = 1_000;
    public static final int MAX_NUMBER_CHARS = 1_000;
    private static final int MAX_STRING_CHARS = 256 << 20;

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(MAX_NUMBER_CHARS)
                                    .maxStringLength(MAX_STRING_CHARS)
                                    .build())
                    .streamWriteConstraints(
                            StreamWriteConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH + 100)
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

    /** The tree of a part of the array. */
    public static JsonNode read(byte[] utf8, int offset, int length) throws MalformedJson {
        int invalid = Utf8.firstInvalid(utf8, offset, length);
        if (invalid >= 0) {
            throw new MalformedJson(
                    "not UTF-8 at byte " + (invalid - offset), "", invalid - offset);
        }
        try {
            JsonNode node = MAPPER.readTree(utf8, offset, length);
            if (node.isMissingNode()) {
                throw new MalformedJson("no JSON value (expected: one)", "", 0);
            }
            return node;
        } catch (JsonProcessingException e) {
            throw MalformedJson.of(e);
        } catch (IOException e) {
            throw new MalformedJson("not UTF-8 text: " + e.getMessage(), "", 0);
        }
    }

    /** The tree of the text. */
    public static JsonNode read(String text) throws MalformedJson {
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

    /** A streaming parser over a part of the array, with the same strictness. */
    public static JsonParser parser(byte[] utf8, int offset, int length) throws IOException {
        return FACTORY.createParser(utf8, offset, length);
    }

    /** The tree of the one value that the parser is at; the parser stays at its end. */
    public static JsonNode value(JsonParser parser) throws IOException {
        return INNER.readTree(parser);
    }

    /** A generator of compact UTF-8; closing it does not close the target. */
    public static JsonGenerator generator(OutputStream target) {
        try {
            return MAPPER.createGenerator(target)
                    .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                    .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static JsonNodeFactory nodes() {
        return MAPPER.getNodeFactory();
    }
}

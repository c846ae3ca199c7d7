package dev.pillion.protocol.wire;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.core.base.GeneratorBase;
import com.fasterxml.jackson.core.json.JsonWriteContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes compact JSON straight into a {@link ByteSink}: byte for byte what Jackson's own generator
 * writes, at a third of its cost for an event of a stream, for which that one sets up more than it
 * writes. What is not a value, a field's name or a bracket is refused; that brackets match is
 * checked at the end.
 */
final class SinkGenerator extends GeneratorBase {
    /** A tree that was read within the limit may have been wrapped some more. */
    private static final int MAX_DEPTH = Json.MAX_DEPTH + 100;

    private final ByteSink out;
    private final int start;
    private int depth;

    SinkGenerator(ByteSink out) {
        super(0, null, null, NO_CONTEXT);
        this.out = out;
        this.start = out.size;
    }

    /** Nothing asks where the generator is; the base class wants one all the same. */
    private static final JsonWriteContext NO_CONTEXT = JsonWriteContext.createRootContext(null);

    /** A comma, where a value or a name came before. */
    private void next() {
        if (out.size > start) {
            byte before = out.bytes[out.size - 1];
            if (before != '{' && before != '[' && before != ':') {
                out.write(',');
            }
        }
    }

    private void open(char bracket) {
        if (depth++ == MAX_DEPTH) {
            throw new IllegalStateException("JSON of more than " + MAX_DEPTH + " levels");
        }
        next();
        out.write(bracket);
    }

    private void close(char bracket) {
        depth--;
        out.write(bracket);
    }

    @Override
    public void writeStartArray() {
        open('[');
    }

    @Override
    public void writeEndArray() {
        close(']');
    }

    @Override
    public void writeStartObject() {
        open('{');
    }

    @Override
    public void writeEndObject() {
        close('}');
    }

    @Override
    public void writeFieldName(String name) {
        next();
        FieldNames.write(out, name);
    }

    @Override
    public void writeString(@Nullable String text) {
        next();
        if (text == null) {
            JsonText.ascii(out, "null");
        } else {
            JsonText.quoted(out, text);
        }
    }

    @Override
    public void writeString(char[] text, int offset, int length) {
        writeString(new String(text, offset, length));
    }

    @Override
    public void writeNumber(int number) {
        writeNumber((long) number);
    }

    @Override
    public void writeNumber(long number) {
        next();
        JsonText.number(out, number);
    }

    @Override
    public void writeNumber(BigInteger number) {
        raw(number.toString());
    }

    @Override
    public void writeNumber(BigDecimal number) {
        raw(number.toString());
    }

    @Override
    public void writeNumber(double number) {
        if (Double.isFinite(number)) {
            raw(Double.toString(number));
        } else {
            writeString(Double.toString(number)); // JSON has no word for it.
        }
    }

    @Override
    public void writeNumber(float number) {
        if (Float.isFinite(number)) {
            raw(Float.toString(number));
        } else {
            writeString(Float.toString(number));
        }
    }

    @Override
    public void writeNumber(String number) {
        raw(number);
    }

    private void raw(String ascii) {
        next();
        JsonText.ascii(out, ascii);
    }

    @Override
    public void writeBoolean(boolean state) {
        raw(state ? "true" : "false");
    }

    @Override
    public void writeNull() {
        raw("null");
    }

    @Override
    public void writeObject(@Nullable Object value) {
        switch (value) {
            case null -> writeNull();
            case JsonNode node -> tree(node);
            case String text -> writeString(text);
            default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
        }
    }

    @Override
    public void writeTree(@Nullable TreeNode node) {
        writeObject(node);
    }

    private void tree(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object((ObjectNode) node);
            case ARRAY -> array((ArrayNode) node);
            case STRING -> writeString(node.textValue());
            case NUMBER -> number(node);
            case BOOLEAN -> writeBoolean(node.booleanValue());
            case NULL, MISSING -> writeNull();
            case BINARY -> writeString(node.asText());
            case POJO -> throw new IllegalArgumentException("no JSON: an object of ours");
        }
    }

    private void object(ObjectNode node) {
        open('{');
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            writeFieldName(field.getKey());
            tree(field.getValue());
        }
        close('}');
    }

    private void array(ArrayNode node) {
        open('[');
        for (int i = 0; i < node.size(); i++) {
            tree(node.get(i));
        }
        close(']');
    }

    private void number(JsonNode node) {
        switch (node.numberType()) {
            case INT, LONG -> writeNumber(node.longValue());
            case BIG_INTEGER -> writeNumber(node.bigIntegerValue());
            case FLOAT -> writeNumber(node.floatValue());
            case DOUBLE -> writeNumber(node.doubleValue());
            case BIG_DECIMAL -> writeNumber(node.decimalValue());
        }
    }

    @Override
    public JsonStreamContext getOutputContext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public JsonGenerator useDefaultPrettyPrinter() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {}

    /**
     * @throws IllegalStateException where a bracket was not closed
     */
    @Override
    public void close() {
        if (depth != 0) {
            throw new IllegalStateException(depth + " brackets are open");
        }
    }

    @Override
    protected void _releaseBuffers() {}

    @Override
    protected void _verifyValueWrite(String what) {
        throw new UnsupportedOperationException(what);
    }

    @Override
    public void writeRawUTF8String(byte[] text, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeUTF8String(byte[] text, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeRaw(String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeRaw(String text, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeRaw(char[] text, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeRaw(char text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeRaw(SerializableString text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeBinary(Base64Variant variant, byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }
}

package dev.pillion.adapters;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/**
 * Vectors as vendors write them: JSON arrays of numbers, or base64 of little-endian IEEE-754 single
 * precision numbers. Reading nonsense throws {@code upstream_protocol}.
 */
public final class Vectors {
    private static final float[] NONE = new float[0];
    private static final int USUAL_LENGTH = 1_536;

    private Vectors() {}

    /** The array that the parser has just begun; without its values when they are not wanted. */
    public static float[] read(JsonParser parser, boolean values) throws IOException {
        if (!values) {
            parser.skipChildren();
            return NONE;
        }
        float[] vector = new float[USUAL_LENGTH];
        int length = 0;
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            if (token == null || !token.isNumeric()) {
                throw nonsense("holds what is no number");
            }
            if (length == vector.length) {
                vector = Arrays.copyOf(vector, 2 * length);
            }
            vector[length++] = finite(parser.getFloatValue());
        }
        return Arrays.copyOf(vector, length);
    }

    /** The vector in the text. */
    public static float[] fromBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw nonsense("is not base64");
        }
        if (bytes.length % Float.BYTES != 0) {
            throw nonsense("is " + bytes.length + " bytes, no multiple of " + Float.BYTES);
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        for (float value : vector) {
            finite(value);
        }
        return vector;
    }

    public static String toBase64(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Each number by the shortest text that means it. */
    public static void write(JsonGenerator json, float[] vector) throws IOException {
        json.writeStartArray();
        for (float value : vector) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }

    private static float finite(float value) {
        if (!Float.isFinite(value)) {
            throw nonsense("holds a number that is none, or too large");
        }
        return value;
    }

    private static FaultException nonsense(String what) {
        return Fault.protocol("a vector of the vendor's answer " + what).asException();
    }
}

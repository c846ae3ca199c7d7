package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Walks a request in one pass and without a tree, by the rules of proto3 JSON as {@link
 * GeminiObject} has them. What is not as it should be makes the request {@link #odd}: it has to be
 * decoded to be understood, or to be told what is wrong with it.
 */
final class GeminiFields {
    /** The longest number in a string that is taken for one. */
    private static final int MAX_NUMBER_CHARS = 40;

    /** Takes one field by its JSON name; the parser stands at its value, and may stay there. */
    interface Field {
        void take(String name, JsonToken value) throws IOException;
    }

    /** Takes one element; the parser stands at its beginning, and must be left at its end. */
    interface Element {
        void take(JsonToken value) throws IOException;
    }

    private final JsonParser json;
    private boolean odd;

    GeminiFields(JsonParser json) {
        this.json = json;
    }

    boolean odd() {
        return odd;
    }

    void oddIf(boolean is) {
        odd |= is;
    }

    JsonParser json() {
        return json;
    }

    /** The fields that are not null; anything but an object is odd. */
    void object(JsonToken value, Field each) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            odd = true;
            json.skipChildren();
            return;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken field = json.nextToken();
            if (field != JsonToken.VALUE_NULL) {
                each.take(GeminiObject.camel(name), field);
            }
            json.skipChildren();
        }
    }

    /** The elements of a list, of which a single one may stand alone. */
    void list(JsonToken value, Element each) throws IOException {
        if (value == JsonToken.START_OBJECT) {
            each.take(value);
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            odd = true;
            return;
        }
        for (JsonToken at = json.nextToken();
                at != JsonToken.END_ARRAY && at != null;
                at = json.nextToken()) {
            each.take(at);
        }
    }

    /** Whether the value is an object, of which nothing is read. */
    boolean isObject(JsonToken value) {
        odd |= value != JsonToken.START_OBJECT;
        return value == JsonToken.START_OBJECT;
    }

    boolean flag(JsonToken value) {
        odd |= !value.isBoolean();
        return value == JsonToken.VALUE_TRUE;
    }

    String text(JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            odd = true;
            return "";
        }
        return json.getText();
    }

    /** Whether it is a text, and not the empty one; of a long one no copy is made. */
    boolean hasText(JsonToken value) throws IOException {
        odd |= value != JsonToken.VALUE_STRING;
        return value == JsonToken.VALUE_STRING && json.getTextLength() > 0;
    }

    /** A number, or a short string that says one. */
    @Nullable BigDecimal number(JsonToken value) throws IOException {
        if (value.isNumeric()) {
            return json.getDecimalValue();
        }
        String said = text(value);
        if (said.length() <= MAX_NUMBER_CHARS) {
            try {
                return new BigDecimal(said);
            } catch (NumberFormatException e) {
                odd = true; // Decoding says what was expected.
                return null;
            }
        }
        odd = true;
        return null;
    }

    /** A whole number of at most 31 bits; others are odd. */
    @Nullable Integer integer(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() == JsonParser.NumberType.INT) {
            return json.getIntValue();
        }
        BigDecimal number = number(value);
        if (number != null && number.precision() - number.scale() <= 10) {
            try {
                return number.intValueExact();
            } catch (ArithmeticException e) {
                odd = true; // Not whole, or too large: decoding says so.
                return null;
            }
        }
        odd = true;
        return null;
    }
}

package dev.pillion.protocol.wire;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.core.base.ParserMinimalBase;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.core.json.JsonReadContext;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A streaming parser over a part of an array, as strict as {@link Json}: it takes what Jackson's
 * own takes and costs a quarter of it, since it decodes only the texts that are asked for, skips
 * others eight bytes at a time, and needs no table to be set up. What is wrong is told in Jackson's
 * words, by having Jackson read the same bytes. Locations have byte offsets only.
 */
public final class BytesParser extends ParserMinimalBase {
    /** Objects with more fields look for a repeated name in a set. */
    private static final int FEW_NAMES = 16;

    /** Names may not be longer: Jackson's bound, too. */
    private static final int MAX_NAME_CHARS = 50_000;

    private final JsonFactory jackson;
    private final JsonLexer lexer;
    private final int start;
    private int tokenStart;
    private boolean closed;
    private @Nullable JsonStreamContext context;
    private boolean textDone;
    private @Nullable String text;

    /** How many containers are open, which of them are objects, and where their names begin. */
    private int depth;

    private boolean[] objects = new boolean[8];
    private int[] firstName = new int[8];

    /** The names so far of all open objects; the last one of each is the current one. */
    private @Nullable String[] names = new String[8];

    private int nameCount;
    private @Nullable Set<String> @Nullable [] manyNames;

    BytesParser(JsonFactory jackson, byte[] utf8, int offset, int length) {
        super(jackson.streamReadConstraints());
        this.jackson = jackson;
        this.start = offset;
        this.lexer = new JsonLexer(utf8, offset, length);
        boolean marked = length >= 3 && utf8[offset] == (byte) 0xEF;
        if (marked && utf8[offset + 1] == (byte) 0xBB && utf8[offset + 2] == (byte) 0xBF) {
            lexer.at += 3; // A byte order mark, which the format lets a reader skip.
        }
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        try {
            textDone = false;
            _currToken = next();
            return _currToken;
        } catch (JsonLexer.Unreadable e) {
            throw malformed();
        }
    }

    private @Nullable JsonToken next() {
        int first = lexer.peek();
        if (depth == 0) {
            if (first < 0) {
                return null;
            }
            return value(first);
        }
        if (first < 0) {
            throw JsonLexer.unreadable();
        }
        boolean object = objects[depth];
        boolean afterName = _currToken == JsonToken.FIELD_NAME;
        if (object && afterName) {
            return value(first);
        }
        boolean opened =
                _currToken == JsonToken.START_OBJECT || _currToken == JsonToken.START_ARRAY;
        if (first == (object ? '}' : ']')) {
            return close(object);
        }
        if (!opened) {
            lexer.expect(',');
            first = lexer.peek();
        }
        return object ? name(first) : value(first);
    }

    private JsonToken close(boolean object) {
        tokenStart = lexer.at++;
        nameCount = firstName[depth];
        if (manyNames != null) {
            manyNames[depth] = null;
        }
        depth--;
        return object ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
    }

    private JsonToken name(int first) {
        if (first != '"') {
            throw JsonLexer.unreadable();
        }
        tokenStart = lexer.at++;
        String name = lexer.name();
        if (name.length() > MAX_NAME_CHARS || isRepeated(name)) {
            throw JsonLexer.unreadable();
        }
        if (nameCount == names.length) {
            names = Arrays.copyOf(names, nameCount * 2);
        }
        names[nameCount++] = name;
        return JsonToken.FIELD_NAME;
    }

    private boolean isRepeated(String name) {
        int from = firstName[depth];
        if (nameCount - from >= FEW_NAMES) {
            return !manyNames(from).add(name);
        }
        for (int i = from; i < nameCount; i++) {
            if (name.equals(names[i])) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Set<String> manyNames(int from) {
        if (manyNames == null) {
            manyNames = new Set[objects.length];
        } else if (manyNames.length < objects.length) {
            manyNames = Arrays.copyOf(manyNames, objects.length);
        }
        Set<String> many = manyNames[depth];
        if (many == null) {
            many = new HashSet<>();
            for (int i = from; i < nameCount; i++) {
                many.add(names[i]);
            }
            manyNames[depth] = many;
        }
        return many;
    }

    private JsonToken value(int first) {
        tokenStart = lexer.at;
        return switch (first) {
            case '"' -> {
                lexer.at++;
                lexer.string();
                yield JsonToken.VALUE_STRING;
            }
            case '{' -> open(true);
            case '[' -> open(false);
            case 't' -> word("true", JsonToken.VALUE_TRUE);
            case 'f' -> word("false", JsonToken.VALUE_FALSE);
            case 'n' -> word("null", JsonToken.VALUE_NULL);
            default -> number(first);
        };
    }

    private JsonToken word(String word, JsonToken token) {
        lexer.word(word);
        return token;
    }

    private JsonToken number(int first) {
        if (first != '-' && (first < '0' || first > '9')) {
            throw JsonLexer.unreadable();
        }
        lexer.number();
        return lexer.fraction ? JsonToken.VALUE_NUMBER_FLOAT : JsonToken.VALUE_NUMBER_INT;
    }

    private JsonToken open(boolean object) {
        if (depth == Json.MAX_DEPTH) {
            throw JsonLexer.unreadable();
        }
        lexer.at++;
        depth++;
        if (depth == objects.length) {
            objects = Arrays.copyOf(objects, depth * 2);
            firstName = Arrays.copyOf(firstName, depth * 2);
        }
        objects[depth] = object;
        firstName[depth] = nameCount;
        return object ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
    }

    /** What Jackson finds wrong with the bytes. */
    private IOException malformed() throws IOException {
        try (JsonParser slow = jackson.createParser(lexer.bytes, start, lexer.end - start)) {
            try {
                JsonToken token = slow.nextToken();
                while (token != null) {
                    token = slow.nextToken();
                }
            } catch (IOException e) {
                context = slow.getParsingContext();
                return e;
            }
        }
        return new JsonParseException(this, "not JSON in UTF-8", currentLocation());
    }

    // ---- the current token

    /** Where the current token begins: bytes from the text's beginning, as for all offsets here. */
    public int tokenStart() {
        return tokenStart - start;
    }

    /** One past the last byte of the current token; of a container, of its bracket. */
    public int tokenEnd() {
        return lexer.at - start;
    }

    /** Whether the current token is a string with something in it. */
    public boolean hasText() {
        return _currToken == JsonToken.VALUE_STRING && !lexer.isEmpty();
    }

    /** The tree of the container that just opened; the parser is at its end then. */
    public JsonNode tree() throws IOException {
        if (_currToken != JsonToken.START_OBJECT && _currToken != JsonToken.START_ARRAY) {
            throw new IllegalStateException("no container opens here");
        }
        try {
            lexer.at = tokenStart;
            JsonNode node = new JsonTree(lexer, Json.nodes()).inner(depth - 1);
            lexer.at--;
            textDone = false;
            _currToken = close(objects[depth]);
            return node;
        } catch (JsonLexer.Unreadable e) {
            throw malformed();
        }
    }

    @Override
    public @Nullable String currentName() {
        boolean opened =
                _currToken == JsonToken.START_OBJECT || _currToken == JsonToken.START_ARRAY;
        int level = opened ? depth - 1 : depth;
        int last = (opened ? firstName[depth] : nameCount) - 1;
        return level > 0 && objects[level] && last >= firstName[level] ? names[last] : null;
    }

    @Override
    @SuppressWarnings("deprecation")
    public @Nullable String getCurrentName() {
        return currentName();
    }

    @Override
    public @Nullable String getText() {
        if (!textDone) {
            text = made();
            textDone = true;
        }
        return text;
    }

    private @Nullable String made() {
        return switch (_currToken) {
            case null -> null;
            case VALUE_STRING -> lexer.text();
            case FIELD_NAME -> currentName();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> lexer.digitsText();
            default -> _currToken.asString();
        };
    }

    @Override
    public char[] getTextCharacters() {
        String said = getText();
        return said == null ? new char[0] : said.toCharArray();
    }

    @Override
    public boolean hasTextCharacters() {
        return false;
    }

    @Override
    public int getTextLength() {
        String said = getText();
        return said == null ? 0 : said.length();
    }

    @Override
    public int getTextOffset() {
        return 0;
    }

    @Override
    public @Nullable String getValueAsString() {
        return getValueAsString(null);
    }

    @Override
    public @Nullable String getValueAsString(@Nullable String otherwise) {
        JsonToken token = _currToken;
        boolean said = token == JsonToken.FIELD_NAME || (token != null && token.isScalarValue());
        return said && token != JsonToken.VALUE_NULL ? getText() : otherwise;
    }

    // ---- numbers

    @Override
    public NumberType getNumberType() throws IOException {
        number();
        if (lexer.fraction) {
            return NumberType.DOUBLE;
        }
        if (!lexer.isLong()) {
            return NumberType.BIG_INTEGER;
        }
        long value = lexer.longValue();
        return value == (int) value ? NumberType.INT : NumberType.LONG;
    }

    private void number() throws IOException {
        if (_currToken == null || !_currToken.isNumeric()) {
            throw new JsonParseException(this, "no number here", currentLocation());
        }
    }

    @Override
    public Number getNumberValue() throws IOException {
        return switch (getNumberType()) {
            case INT -> (int) lexer.longValue();
            case LONG -> lexer.longValue();
            case BIG_INTEGER -> lexer.bigInteger();
            case FLOAT, DOUBLE, BIG_DECIMAL -> getDoubleValue();
        };
    }

    @Override
    public int getIntValue() throws IOException {
        long value = getLongValue();
        if (value != (int) value) {
            reportOverflowInt();
        }
        return (int) value;
    }

    @Override
    public long getLongValue() throws IOException {
        number();
        if (!lexer.fraction && lexer.isLong()) {
            return lexer.longValue();
        }
        double value = getDoubleValue();
        if (!lexer.fraction || value < Long.MIN_VALUE || value > Long.MAX_VALUE) {
            reportOverflowLong();
        }
        return (long) value;
    }

    @Override
    public BigInteger getBigIntegerValue() throws IOException {
        number();
        return lexer.fraction ? getDecimalValue().toBigInteger() : lexer.bigInteger();
    }

    @Override
    public float getFloatValue() throws IOException {
        number();
        return Float.parseFloat(lexer.digitsText());
    }

    @Override
    public double getDoubleValue() throws IOException {
        number();
        boolean whole = !lexer.fraction && lexer.isLong();
        return whole ? lexer.longValue() : Double.parseDouble(lexer.digitsText());
    }

    @Override
    public BigDecimal getDecimalValue() throws IOException {
        number();
        try {
            return lexer.decimal();
        } catch (JsonLexer.Unreadable e) {
            throw new JsonParseException(this, "a number too large", currentLocation());
        }
    }

    // ---- what the base class wants besides

    @Override
    public JsonLocation currentTokenLocation() {
        return location(tokenStart());
    }

    @Override
    public JsonLocation currentLocation() {
        return location(tokenEnd());
    }

    private static JsonLocation location(int offset) {
        return new JsonLocation(ContentReference.unknown(), offset, -1, -1, -1);
    }

    @Override
    @SuppressWarnings("deprecation")
    public JsonLocation getTokenLocation() {
        return currentTokenLocation();
    }

    @Override
    @SuppressWarnings("deprecation")
    public JsonLocation getCurrentLocation() {
        return currentLocation();
    }

    /** Where it became malformed; as long as it has not, that much is not kept. */
    @Override
    public JsonStreamContext getParsingContext() {
        return context == null ? JsonReadContext.createRootContext(null) : context;
    }

    @Override
    public void overrideCurrentName(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] getBinaryValue(Base64Variant variant) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void _handleEOF() {}

    @Override
    public void close() {
        closed = true;
        _currToken = null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public @Nullable ObjectCodec getCodec() {
        return null;
    }

    @Override
    public void setCodec(ObjectCodec codec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }
}

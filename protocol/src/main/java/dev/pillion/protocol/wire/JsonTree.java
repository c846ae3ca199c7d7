package dev.pillion.protocol.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;

/** Builds the tree of a JSON text: the one that Jackson would build, in a third of the time. */
final class JsonTree {
    /** Most objects have few fields, and a map that is too large costs more than one that grows. */
    private static final int FIELDS = 8;

    private final JsonLexer lexer;
    private final JsonNodeFactory nodes;

    JsonTree(JsonLexer lexer, JsonNodeFactory nodes) {
        this.lexer = lexer;
        this.nodes = nodes;
    }

    /**
     * The one value that all of the text is.
     *
     * @throws JsonLexer.Unreadable where it is none
     */
    JsonNode whole() {
        JsonNode node = value(lexer.peek(), 0);
        if (lexer.peek() >= 0) {
            throw JsonLexer.unreadable();
        }
        return node;
    }

    /**
     * The value that begins here, after which more comes.
     *
     * @param depth how many containers it is in
     */
    JsonNode inner(int depth) {
        return value(lexer.peek(), depth);
    }

    /** The one object that all of the text is, without a field that is passed over. */
    ObjectNode wholeWithout(String field) {
        var node = new ObjectNode(nodes);
        lexer.expect('{');
        boolean more = lexer.peek() != '}';
        if (!more) {
            lexer.at++;
        }
        while (more) {
            lexer.expect('"');
            String name = lexer.name();
            if (name.equals(field)) {
                skip();
            } else if (node.replace(name, value(lexer.peek(), 1)) != null) {
                throw JsonLexer.unreadable();
            }
            more = more('}');
        }
        if (lexer.peek() >= 0) {
            throw JsonLexer.unreadable();
        }
        return node;
    }

    /** Passes over a value by its brackets and strings. */
    private void skip() {
        int open = 0;
        do {
            switch (lexer.peek()) {
                case -1 -> throw JsonLexer.unreadable();
                case '{', '[' -> open++;
                case '}', ']' -> open--;
                default -> {}
            }
            boolean text = lexer.bytes[lexer.at++] == '"';
            if (text) {
                lexer.string();
            }
        } while (open > 0 || !isEnd(lexer.peek()));
    }

    private static boolean isEnd(int next) {
        return next < 0 || next == ',' || next == '}';
    }

    private JsonNode value(int first, int depth) {
        switch (first) {
            case '"' -> {
                lexer.at++;
                return TextNode.valueOf(lexer.passText());
            }
            case '{' -> {
                lexer.at++;
                return object(deeper(depth));
            }
            case '[' -> {
                lexer.at++;
                return array(deeper(depth));
            }
            case 't' -> lexer.word("true");
            case 'f' -> lexer.word("false");
            case 'n' -> lexer.word("null");
            default -> {
                return number(first);
            }
        }
        return first == 'n' ? NullNode.getInstance() : BooleanNode.valueOf(first == 't');
    }

    private static int deeper(int depth) {
        if (depth == Json.MAX_DEPTH) {
            throw JsonLexer.unreadable();
        }
        return depth + 1;
    }

    private ObjectNode object(int depth) {
        var node = new ObjectNode(nodes, new LinkedHashMap<>(FIELDS));
        int next = lexer.peek();
        if (next == '}') {
            lexer.at++;
            return node;
        }
        while (true) {
            if (next != '"') {
                throw JsonLexer.unreadable();
            }
            lexer.at++;
            String name = lexer.name();
            if (node.replace(name, value(lexer.peek(), depth)) != null) {
                throw JsonLexer.unreadable(); // A name comes twice.
            }
            if (!more('}')) {
                return node;
            }
            next = lexer.peek();
        }
    }

    private ArrayNode array(int depth) {
        var node = new ArrayNode(nodes);
        if (lexer.peek() == ']') {
            lexer.at++;
            return node;
        }
        do {
            node.add(value(lexer.peek(), depth));
        } while (more(']'));
        return node;
    }

    /** Passes the comma, or what closes. */
    private boolean more(char close) {
        int next = lexer.peek();
        if (next != ',' && next != close) {
            throw JsonLexer.unreadable();
        }
        lexer.at++;
        return next == ',';
    }

    private JsonNode number(int first) {
        if (first != '-' && (first < '0' || first > '9')) {
            throw JsonLexer.unreadable();
        }
        lexer.number();
        if (lexer.fraction) {
            return DecimalNode.valueOf(lexer.decimal());
        }
        if (!lexer.isLong()) {
            return BigIntegerNode.valueOf(lexer.bigInteger());
        }
        long value = lexer.longValue();
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }
}

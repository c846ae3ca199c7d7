package dev.pillion.sidecar.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;

/**
 * Text to {@link Node}s. A text that begins with a brace is tried as JSON first; all else is YAML
 * 1.2. At most {@value #LARGEST_CHARS} characters and {@value #DEEPEST} levels.
 */
final class DocumentParser {
    static final int LARGEST_CHARS = 8 * 1024 * 1024;
    static final int DEEPEST = 50;

    private DocumentParser() {}

    /** A text that is no document; the message never quotes it, for secrets may be in it. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;

        Malformed(String message, int line) {
            super(message);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    static Node parse(String text) throws Malformed {
        if (text.length() > LARGEST_CHARS) {
            throw new Malformed("larger than " + LARGEST_CHARS + " characters", 0);
        }
        if (!text.stripLeading().startsWith("{")) {
            return YamlReader.parse(text);
        }
        try {
            return json(text);
        } catch (Malformed notJson) {
            try {
                return YamlReader.parse(text); // a flow mapping of YAML begins with a brace too
            } catch (Malformed notYaml) {
                notJson.addSuppressed(notYaml);
                throw notJson;
            }
        }
    }

    private static Node json(String text) throws Malformed {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            Node node = json(parser, 1);
            if (parser.nextToken() != null) {
                throw new Malformed("more after the end of the JSON document", line(parser));
            }
            return node;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new Malformed("not well-formed JSON", line);
        } catch (IOException e) {
            throw new Malformed("unreadable", 0);
        }
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    private static Node json(JsonParser parser, int depth) throws IOException, Malformed {
        int line = line(parser);
        limit(depth, line);
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                var entries = new ArrayList<Node.Entry>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    int at = line(parser);
                    parser.nextToken();
                    entries.add(new Node.Entry(key, json(parser, depth + 1), at));
                }
                yield new Node.Entries(entries, line);
            }
            case START_ARRAY -> {
                var items = new ArrayList<Node>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(json(parser, depth + 1));
                }
                yield new Node.Items(items, line);
            }
            case VALUE_STRING -> new Node.Scalar(parser.getText(), Node.Kind.TEXT, line);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                    new Node.Scalar(parser.getText(), Node.Kind.NUMBER, line);
            case VALUE_TRUE, VALUE_FALSE ->
                    new Node.Scalar(parser.getText(), Node.Kind.BOOLEAN, line);
            case VALUE_NULL -> new Node.Scalar("", Node.Kind.NULL, line);
            case null, default -> throw new Malformed("not well-formed JSON", line);
        };
    }

    static void limit(int depth, int line) throws Malformed {
        if (depth > DEEPEST) {
            throw new Malformed("nested deeper than " + DEEPEST + " levels", line);
        }
    }
}

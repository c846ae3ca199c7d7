package dev.pillion.adapters.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.corpus.Corpus;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A state machine of the legal order of a surface's events: what its vendor sends, and what the
 * accumulating helpers of its SDKs rely on. It shares no class with the adapters. One stream's;
 * told of every frame in order.
 */
abstract class StreamOrder {
    /** How a stream ended. */
    enum End {
        FINISHED,
        ERROR,
        CUT
    }

    private final List<String> wrong = new ArrayList<>();
    private End end = End.CUT;
    private int at = -1;

    /** Reads an event stream; each frame is its event's name, its data and its comments. */
    final StreamOrder read(String stream) {
        if (!stream.isEmpty() && !stream.endsWith("\n\n") && !stream.endsWith("\r\n\r\n")) {
            wrong("the stream ends within a frame");
        }
        for (String frame : stream.replace("\r\n", "\n").split("\n\n", -1)) {
            if (!frame.isEmpty()) {
                at++;
                frame(frame.strip());
            }
        }
        return this;
    }

    private void frame(String frame) {
        String event = null;
        var data = new ArrayList<String>();
        for (String line : frame.split("\n", -1)) {
            if (line.startsWith("event:")) {
                event = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.add(line.substring(5).stripLeading());
            } else if (line.startsWith(":")) {
                comment(line);
            } else {
                wrong("a line that is no field: " + line);
            }
        }
        if (!data.isEmpty()) {
            frame(event, String.join("\n", data));
        } else if (event != null) {
            wrong("an event without data: " + event);
        }
    }

    private void frame(String event, String data) {
        if (end != End.CUT) {
            afterEnd(event, data);
        } else {
            data(event, data);
        }
    }

    /** What follows the end. */
    void afterEnd(String event, String data) {
        wrong("something follows the end: " + data);
    }

    /** A comment, which most parsers skip. */
    void comment(String line) {}

    abstract void data(String event, String data);

    /**
     * The whole answer that a client makes of the stream, as far as the order of events matters.
     */
    abstract JsonNode folded();

    /** The same of the answer that came whole. */
    abstract JsonNode whole(JsonNode reply);

    /** What is missing at the end; asked once, and only of a stream that finished well. */
    void atEnd() {}

    final void end(End how) {
        end = how;
        if (how == End.FINISHED) {
            atEnd();
        }
    }

    final void wrong(String what) {
        wrong.add("frame " + at + ": " + (what.length() > 300 ? what.substring(0, 300) : what));
    }

    final void check(boolean right, String what) {
        if (!right) {
            wrong(what);
        }
    }

    final void same(Object expected, Object actual, String what) {
        if (!Objects.equals(expected, actual)) {
            wrong(what + ": " + actual + " (expected: " + expected + ")");
        }
    }

    /** Those fields of an object, in the order given; those that it does not have are null. */
    static ObjectNode only(JsonNode from, String... fields) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (String field : fields) {
            node.set(field, from.hasNonNull(field) ? from.path(field) : node.nullNode());
        }
        return node;
    }

    final JsonNode json(String text) {
        try {
            JsonNode node = Corpus.json(text);
            if (node != null && !node.isMissingNode()) {
                return node;
            }
        } catch (UncheckedIOException e) {
            // Told below: what is no JSON is as wrong as what is empty.
        }
        wrong("no JSON: " + text);
        return MissingNode.getInstance();
    }

    /** Whether the text is a JSON object. */
    static boolean isObject(String text) {
        try {
            return Corpus.json(text).isObject();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    final boolean nonEmpty(JsonNode node, String field) {
        boolean there = !node.path(field).asText("").isEmpty();
        check(there, field + " is missing or empty in " + node);
        return there;
    }

    final End end() {
        return end;
    }

    final List<String> wrong() {
        return wrong;
    }
}

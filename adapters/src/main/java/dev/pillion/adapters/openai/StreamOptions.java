package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.Edit;
import dev.pillion.adapters.Outline;
import dev.pillion.protocol.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Asks for usage in a stream whose client did not. */
final class StreamOptions {
    private static final byte[] WHOLE = ascii("{\"include_usage\":true}");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] ONLY = ascii("\"include_usage\":true");
    private static final byte[] FIRST = ascii("\"include_usage\":true,");

    private StreamOptions() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static Edit askForUsage(byte[] body, Outline.Splice options) {
        if (!options.exists()) {
            return Edit.member(body, "stream_options", WHOLE);
        }
        if (body[options.start()] != '{') {
            return new Edit(options.start(), options.end(), WHOLE); // null
        }
        try {
            return inside(body, options);
        } catch (IOException e) {
            throw new UncheckedIOException("stream_options, scanned before", e);
        }
    }

    private static Edit inside(byte[] body, Outline.Splice options) throws IOException {
        int length = options.end() - options.start();
        boolean empty = true;
        try (JsonParser parser = Json.parserOfUtf8(body, options.start(), length)) {
            parser.nextToken();
            for (String name = parser.nextFieldName();
                    name != null;
                    name = parser.nextFieldName()) {
                empty = false;
                JsonToken value = parser.nextToken();
                if (name.equals("include_usage") && value.isScalarValue()) {
                    return value(parser, body, options);
                }
                parser.skipChildren();
            }
        }
        int at = options.start() + 1;
        return new Edit(at, at, empty ? ONLY : FIRST);
    }

    /** The value there, {@code false} or {@code null}, becomes {@code true}. */
    private static Edit value(JsonParser parser, byte[] body, Outline.Splice options)
            throws IOException {
        parser.finishToken();
        long base = parser.currentTokenLocation().getByteOffset();
        int start = offset(base, options);
        int end = start;
        while (isWord(body[end])) {
            end++;
        }
        return new Edit(start, end, TRUE);
    }

    /** Locations of a parser over a part of an array count from the part's beginning. */
    private static int offset(long location, Outline.Splice options) {
        return options.start() + (int) location;
    }

    private static boolean isWord(byte b) {
        return b != ',' && b != '}' && b != ' ' && b != '\n' && b != '\r' && b != '\t';
    }
}

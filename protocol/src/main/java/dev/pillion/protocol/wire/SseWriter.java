package dev.pillion.protocol.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes event frames: an optional {@code event:} line, one {@code data:} line, a blank line. */
public final class SseWriter {
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private SseWriter() {}

    /** What writes one JSON value. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** One frame whose data is the JSON value that the body writes. */
    public static void frame(ByteSink out, @Nullable String event, Body body) {
        open(out, event);
        json(out, body);
        out.write(END);
    }

    /** One frame of plain data without line breaks, e.g. {@code [DONE]}. */
    public static void frame(ByteSink out, @Nullable String event, String data) {
        open(out, event);
        out.write(data);
        out.write(END);
    }

    /** A comment, which every reader skips. */
    public static void comment(ByteSink out, String text) {
        out.write(": " + text);
        out.write(END);
    }

    /** The JSON value that the body writes, appended to the sink. */
    public static void json(ByteSink out, Body body) {
        try (JsonGenerator json = Json.generator(out)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void open(ByteSink out, @Nullable String event) {
        if (event != null) {
            out.write(EVENT);
            out.write(event);
            out.write('\n');
        }
        out.write(DATA);
    }
}

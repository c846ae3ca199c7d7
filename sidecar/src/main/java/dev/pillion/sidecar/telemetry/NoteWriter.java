package dev.pillion.sidecar.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import dev.pillion.sidecar.telemetry.Note.Level;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes notes to a stream, standard error, by a thread of its own behind a bounded queue: as text
 * for people, or as one JSON object a line. What finds the queue full is counted, and the count is
 * told as soon as there is room.
 */
public final class NoteWriter implements AutoCloseable {
    private static final BatchWriter.Bounds BOUNDS =
            new BatchWriter.Bounds(1_024, 256, Duration.ZERO, Duration.ofMinutes(1));
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final int MAX_FIELD_CHARS = 4_096;

    /** How a note is written. */
    public enum Form {
        TEXT,
        JSON
    }

    private final PrintStream out;
    private final Form form;
    private final BatchWriter<Note> writer;
    private final AtomicLong unwritten = new AtomicLong();
    private final ByteSink lines = new ByteSink(4 << 10);
    private long toldDrops;

    public NoteWriter(PrintStream out, Form form) {
        this.out = out;
        this.form = form;
        this.writer = new BatchWriter<>("diagnostics", BOUNDS, this::write);
    }

    /** Puts the note into the queue, or counts it as dropped. */
    public void write(Note note) {
        writer.offer(note);
    }

    /** Notes that found the queue full, or the stream broken. */
    public long dropped() {
        return writer.dropped() + unwritten.get();
    }

    /** Writes what is in the queue, waiting at most one second. */
    @Override
    public void close() {
        writer.close(CLOSE);
    }

    private void write(List<Note> batch) {
        long drops = writer.dropped();
        if (drops > toldDrops) {
            String msg = (drops - toldDrops) + " diagnostics were dropped before this line";
            line(new Note(Instant.now(), Level.WARN, msg, Map.of(), List.of()));
            toldDrops = drops;
        }
        batch.forEach(this::line);
        out.write(lines.array(), 0, lines.size());
        if (out.checkError()) { // flushes; nobody is left who could be told
            unwritten.addAndGet(batch.size());
        }
        lines.reset();
    }

    private void line(Note note) {
        switch (form) {
            case TEXT -> lines.write(note.text());
            case JSON -> SseWriter.json(lines, json -> object(json, note));
        }
        lines.write('\n');
    }

    private static void object(JsonGenerator json, Note note) throws IOException {
        json.writeStartObject();
        json.writeStringField("ts", note.ts().toString());
        json.writeStringField("level", note.level().wire());
        json.writeStringField("msg", note.msg());
        for (Map.Entry<String, String> field : note.fields().entrySet()) {
            json.writeStringField(field.getKey(), LogText.clean(field.getValue(), MAX_FIELD_CHARS));
        }
        if (!note.stack().isEmpty()) {
            json.writeStringField("stack", String.join("\n", note.stack()));
        }
        json.writeEndObject();
    }
}

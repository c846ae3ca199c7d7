package dev.pillion.sidecar.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.telemetry.Note.Level;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What stands on standard error. */
class NoteWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private NoteWriter writer(NoteWriter.Form form) {
        return new NoteWriter(new PrintStream(out, true, StandardCharsets.UTF_8), form);
    }

    private static Diagnostics to(NoteWriter writer, Level least) {
        return new Diagnostics(least, InstantSource.fixed(Instant.EPOCH), writer::write);
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void textIsOneLineANoteAndAStackBelowIt() {
        try (NoteWriter writer = writer(NoteWriter.Form.TEXT)) {
            Diagnostics told = to(writer, Level.INFO);
            told.warn("a name with\na line");
            told.defect("here", new IllegalStateException("secret"));
        }
        List<String> lines = written().lines().toList();
        assertEquals("pillion: a name with a line", lines.get(0));
        assertEquals("pillion: defect in here: java.lang.IllegalStateException", lines.get(1));
        assertTrue(lines.get(2).startsWith("    at dev.pillion"), written());
        assertFalse(written().contains("secret"));
    }

    @Test
    void jsonIsOneObjectALineWithTheStackInIt() throws Exception {
        try (NoteWriter writer = writer(NoteWriter.Form.JSON)) {
            Diagnostics told = to(writer, Level.WARN);
            told.info("not this");
            told.error("half a \ud800 character");
            told.defect("here", new IllegalStateException("secret"));
        }
        List<String> lines = written().lines().toList();
        assertEquals(2, lines.size(), written());
        assertEquals(
                "{\"ts\":\"1970-01-01T00:00:00Z\",\"level\":\"error\",\"msg\":\"half a \ufffd"
                        + " character\"}",
                lines.getFirst());
        JsonNode defect = Json.read(lines.getLast());
        assertTrue(defect.path("stack").asText().startsWith("at dev.pillion"), written());
        assertFalse(written().contains("secret"));
    }

    @Test
    void whatFindsTheQueueFullIsCountedAndToldOf() {
        var blocked = new CountDownLatch(1);
        var slow =
                new PrintStream(out, true, StandardCharsets.UTF_8) {
                    @Override
                    public void write(byte[] bytes, int from, int count) {
                        try {
                            blocked.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        super.write(bytes, from, count);
                    }
                };
        try (var writer = new NoteWriter(slow, NoteWriter.Form.TEXT)) {
            Diagnostics told = to(writer, Level.INFO);
            for (int i = 0; i < 3_000; i++) {
                told.info("note " + i);
            }
            assertTrue(writer.dropped() >= 3_000 - 1_024 - 256, "dropped too few");
            blocked.countDown();
        }
        assertTrue(written().contains(" diagnostics were dropped before this line"), written());
    }

    @Test
    void whatLibrariesLogComesOutInTheSameForm() throws Exception {
        Logger logger = Logger.getLogger("io.netty.some");
        var usual = Thread.getDefaultUncaughtExceptionHandler();
        try (NoteWriter writer = writer(NoteWriter.Form.JSON)) {
            LogBridge.install(to(writer, Level.INFO), Level.INFO);
            logger.log(java.util.logging.Level.WARNING, "trouble", new RuntimeException("secret"));
            logger.info("hello");
            logger.fine("not this");
            Thread.ofPlatform()
                    .name("worker")
                    .start(() -> {
                        throw new IllegalStateException("secret");
                    })
                    .join();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(usual);
            java.util.logging.LogManager.getLogManager().readConfiguration();
        }
        List<String> lines = written().lines().toList();
        assertEquals(3, lines.size(), written());
        JsonNode first = Json.read(lines.getFirst());
        assertEquals("warn", first.path("level").asText());
        assertEquals("trouble", first.path("msg").asText());
        assertEquals("io.netty.some", first.path("logger").asText());
        assertTrue(first.has("stack"));
        assertTrue(lines.getLast().contains("defect in thread worker"), written());
        assertFalse(written().contains("secret"));
    }
}

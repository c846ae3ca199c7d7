package dev.pillion.sidecar.telemetry;

import dev.pillion.sidecar.telemetry.Note.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the daemon tells about itself: whoever tells something never waits. Thread-safe.
 *
 * <p>No prompt, answer or key belongs into a message, at any level; exceptions are told without
 * theirs, since libraries quote in it what they could not read.
 */
public final class Diagnostics {
    private final Level least;
    private final InstantSource clock;
    private final Consumer<Note> sink;

    /**
     * Tells notes of at least this level.
     *
     * @param sink must not block; called on any thread
     */
    public Diagnostics(Level least, InstantSource clock, Consumer<Note> sink) {
        this.least = least;
        this.clock = clock;
        this.sink = sink;
    }

    /** Tells lines as people read them, of any level, for tests and tools. */
    public static Diagnostics lines(Consumer<String> lines) {
        return new Diagnostics(
                Level.DEBUG, InstantSource.system(), note -> lines.accept(note.text()));
    }

    public void info(String msg) {
        note(Level.INFO, msg, Map.of());
    }

    public void warn(String msg) {
        note(Level.WARN, msg, Map.of());
    }

    public void error(String msg) {
        note(Level.ERROR, msg, Map.of());
    }

    /** A defect of ours: the place, the classes thrown and their frames. */
    public void defect(String where, Throwable defect) {
        String msg = "defect in " + where + ": " + defect.getClass().getName();
        note(Level.ERROR, msg, Map.of(), Note.stackOf(defect));
    }

    /** Whether a note of this level would be told. */
    boolean tells(Level level) {
        return level.compareTo(least) >= 0;
    }

    void note(Level level, String msg, Map<String, String> fields) {
        note(level, msg, fields, List.of());
    }

    void note(Level level, String msg, Map<String, String> fields, List<String> stack) {
        if (tells(level)) {
            sink.accept(new Note(clock.instant(), level, msg, fields, stack));
        }
    }
}

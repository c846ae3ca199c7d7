package dev.pillion.sidecar.telemetry;

import dev.pillion.sidecar.telemetry.Note.Level;
import java.util.List;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Leads what the JDK and libraries log (Netty among them, by {@code java.util.logging}) and what no
 * one caught into the diagnostics, so that standard error has one form.
 */
public final class LogBridge extends Handler {
    private final Diagnostics diagnostics;
    private final Formatter messages = new SimpleFormatter();

    private LogBridge(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** For the process as a whole: call once, at its start. */
    public static void install(Diagnostics diagnostics, Level least) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(threshold(least));
        root.addHandler(new LogBridge(diagnostics));
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> diagnostics.defect("thread " + thread.getName(), thrown));
    }

    private static java.util.logging.Level threshold(Level least) {
        return switch (least) {
            case DEBUG -> java.util.logging.Level.FINE;
            case INFO -> java.util.logging.Level.INFO;
            case WARN -> java.util.logging.Level.WARNING;
            case ERROR -> java.util.logging.Level.SEVERE;
        };
    }

    /** An exception's own message stays out; a logger's is told, since libraries write it. */
    @Override
    public void publish(LogRecord entry) {
        Level level = level(entry.getLevel());
        if (!diagnostics.tells(level)) {
            return;
        }
        String logger = entry.getLoggerName();
        Throwable thrown = entry.getThrown();
        diagnostics.note(
                level,
                String.valueOf(messages.formatMessage(entry)),
                logger == null ? Map.of() : Map.of("logger", logger),
                thrown == null ? List.of() : Note.stackOf(thrown));
    }

    private static Level level(java.util.logging.Level level) {
        int value = level.intValue();
        if (value >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        }
        if (value >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARN;
        }
        return value >= java.util.logging.Level.INFO.intValue() ? Level.INFO : Level.DEBUG;
    }

    @Override
    public void flush() {
        // each note is on its way at once
    }

    @Override
    public void close() {
        // the writer behind the diagnostics is closed by whoever opened it
    }
}

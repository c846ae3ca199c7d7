package dev.pillion.sidecar.edge;

import java.util.function.Consumer;

/**
 * Reports defects as one line each: where they were thrown, and never an exception's message, which
 * may quote a request.
 */
final class Defects {
    private static final int MAX_FRAMES = 24;

    private final Consumer<String> lines;

    Defects(Consumer<String> lines) {
        this.lines = lines;
    }

    void report(String where, Throwable thrown) {
        StringBuilder line = new StringBuilder(512);
        line.append("pillion: defect in ").append(where).append(": ");
        append(line, thrown);
        Throwable cause = thrown.getCause();
        if (cause != null) {
            append(line.append("; caused by "), cause);
        }
        lines.accept(line.toString());
    }

    void say(String line) {
        lines.accept(line);
    }

    private static void append(StringBuilder line, Throwable thrown) {
        line.append(thrown.getClass().getName());
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
            line.append(i == 0 ? " at " : " < ").append(frames[i]);
        }
    }
}

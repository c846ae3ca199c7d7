package dev.pillion.sidecar.cli;

import dev.pillion.sidecar.telemetry.NoteWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** In what form the daemon tells about itself on standard error. */
enum LogFormat {
    /** For people on a terminal, for programs anywhere else. */
    AUTO,
    TEXT,
    JSON;

    NoteWriter.Form form() {
        return switch (this) {
            case AUTO -> isTerminal() ? NoteWriter.Form.TEXT : NoteWriter.Form.JSON;
            case TEXT -> NoteWriter.Form.TEXT;
            case JSON -> NoteWriter.Form.JSON;
        };
    }

    /** The JDK knows of standard input and output alone; Linux tells of every descriptor. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}

package dev.pillion.sidecar.telemetry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One thing that the daemon tells about itself on standard error.
 *
 * @param fields what belongs to it, by name; in a line of text they follow the message
 * @param stack where in the code, when it is about a defect; never an exception's message, which
 *     may quote a request or a key
 */
public record Note(
        Instant ts, Level level, String msg, Map<String, String> fields, List<String> stack) {
    private static final int MAX_FRAMES = 24;
    private static final int MAX_CAUSES = 4;
    private static final int MAX_CHARS = 4_096;

    /** How much it matters. */
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR;

        /** As it stands in a line. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Note {
        msg = LogText.clean(msg, MAX_CHARS);
    }

    /** As people read it: one line, or with a stack one more for each of its frames. */
    public String text() {
        var text = new StringBuilder("pillion: ").append(msg);
        fields.forEach((name, value) ->
                text.append(' ').append(name).append('=').append(LogText.clean(value, MAX_CHARS)));
        stack.forEach(line -> text.append("\n    ").append(line));
        return text.toString();
    }

    /** The frames, and below them the classes and frames of the causes; bounded. */
    static List<String> stackOf(Throwable thrown) {
        List<String> lines = new ArrayList<>();
        Throwable each = thrown;
        for (int i = 0; i < MAX_CAUSES && each != null; i++) {
            if (i > 0) {
                lines.add("caused by " + each.getClass().getName());
            }
            StackTraceElement[] frames = each.getStackTrace();
            for (int frame = 0; frame < Math.min(frames.length, MAX_FRAMES); frame++) {
                lines.add("at " + frames[frame]);
            }
            each = each.getCause();
        }
        return lines;
    }
}

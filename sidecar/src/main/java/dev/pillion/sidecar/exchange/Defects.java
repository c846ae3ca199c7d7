package dev.pillion.sidecar.exchange;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * Where defects of ours are told: standard error, with the stack, without any request's content.
 */
public final class Defects {
    private Defects() {}

    /**
     * One line that names the place, then where in the code; messages of exceptions are left out.
     */
    public static void report(String where, Throwable defect) {
        var text = new StringWriter();
        var lines = new PrintWriter(text);
        lines.println("pillion: defect in " + where + ": " + defect.getClass().getName());
        for (StackTraceElement frame : defect.getStackTrace()) {
            lines.println("    at " + frame);
        }
        Throwable cause = defect.getCause();
        if (cause != null) {
            lines.println("  caused by " + cause.getClass().getName());
            for (StackTraceElement frame : cause.getStackTrace()) {
                lines.println("    at " + frame);
            }
        }
        System.err.print(text);
    }
}

package dev.pillion.sidecar.cli;

import dev.pillion.sidecar.telemetry.Diagnostics;
import java.io.PrintWriter;

/** The exit codes, and how a failure becomes one. */
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 69;
    static final int BAD_CONFIG = 78;

    private Exit() {}

    /** A failure that is told in its message alone: what is wrong, where, what to do. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int code;

        Failure(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    static int report(Exception e, PrintWriter err) {
        if (e instanceof Failure failure) {
            err.println("pillion: " + failure.getMessage());
            return failure.code();
        }
        Diagnostics.lines(err::println).defect("the command", e);
        return FAILED;
    }
}

package dev.pillion.sidecar;

import java.util.List;

/** The daemon can't start: why, one line each, and with which exit code. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;
    public static final int FAILED = 1;
    public static final int BAD_CONFIG = 78;

    private final int exitCode;
    private final transient List<String> lines;

    public StartException(int exitCode, List<String> lines) {
        super(String.join("\n", lines));
        this.exitCode = exitCode;
        this.lines = List.copyOf(lines);
    }

    public int exitCode() {
        return exitCode;
    }

    public List<String> lines() {
        return lines;
    }
}

package dev.pillion.sidecar;

import dev.pillion.sidecar.cli.PillionCommand;

/** The entry point of the {@code pillion} command; exits with the command's exit code. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(PillionCommand.execute(args));
    }
}

package dev.pillion.sidecar;

import dev.pillion.sidecar.cli.PillionCommand;
import dev.pillion.sidecar.config.ConfigReader;

/** The entry point of the {@code pillion} command; exits with the command's exit code. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("run")) {
            // A third of a daemon's start, and nothing needs it while the command line is read.
            Thread.ofPlatform().daemon().name("prepare").start(ConfigReader::prepare);
        }
        System.exit(PillionCommand.execute(args));
    }
}

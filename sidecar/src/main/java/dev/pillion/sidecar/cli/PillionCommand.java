package dev.pillion.sidecar.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code pillion} command itself: it only dispatches to its subcommands. */
@Command(
        name = "pillion",
        description = "An LLM gateway that rides as a sidecar.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class PillionCommand implements Runnable {

    @Spec private CommandSpec spec;

    private PillionCommand() {}

    /** Runs one command line and returns its exit code: 0 done, 1 failed, 2 usage. */
    public static int execute(String... args) {
        return new CommandLine(new PillionCommand()).execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "pillion: a command is missing");
    }
}

package dev.pillion.sidecar.cli;

import java.util.Map;
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
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            AskCommand.class,
            ConfigCommand.class,
            AdminCommand.class
        })
public final class PillionCommand implements Runnable {

    @Spec private CommandSpec spec;

    private PillionCommand() {}

    /** Runs one command line and returns its exit code: see {@link Exit}. */
    public static int execute(String... args) {
        return execute(System.getenv(), args);
    }

    static int execute(Map<String, String> environment, String... args) {
        return new CommandLine(new PillionCommand())
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> Exit.report(e, line.getErr()))
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "pillion: a command is missing");
    }
}

package dev.pillion.sidecar.cli;

import java.util.LinkedHashMap;
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
        versionProvider = Version.class)
public final class PillionCommand implements Runnable {

    /** In the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = commands();

    @Spec private CommandSpec spec;

    private PillionCommand() {}

    /** Runs one command line and returns its exit code: see {@link Exit}. */
    public static int execute(String... args) {
        return execute(System.getenv(), args);
    }

    static int execute(Map<String, String> environment, String... args) {
        var pillion = new CommandLine(new PillionCommand());
        // A command line of its own, or what shapes a command's help is passed over.
        asked(args).forEach((name, type) -> pillion.addSubcommand(name, new CommandLine(type)));
        return pillion.setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> Exit.report(e, line.getErr()))
                .execute(args);
    }

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("run", RunCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put("ask", AskCommand.class);
        commands.put("config", ConfigCommand.class);
        commands.put("admin", AdminCommand.class);
        return commands;
    }

    /**
     * Only the one that is asked for, where it can be told: reading the annotations of all of them
     * takes as long as all else that a short command does.
     */
    private static Map<String, Class<?>> asked(String... args) {
        String first = args.length == 0 ? "" : args[0];
        Class<?> command = COMMANDS.get(first);
        if (command != null) {
            return Map.of(first, command);
        }
        return first.equals("--version") ? Map.of() : COMMANDS;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "pillion: a command is missing");
    }
}

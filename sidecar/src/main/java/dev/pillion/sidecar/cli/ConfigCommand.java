package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.config.ConfigCheck;
import dev.pillion.sidecar.config.ConfigSchema;
import dev.pillion.sidecar.config.SecretSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pillion config}: what concerns configuration documents. */
@Command(
        name = "config",
        description = "Checks, describes and tries configuration documents.",
        mixinStandardHelpOptions = true,
        subcommands = SimulateCommand.class)
final class ConfigCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "pillion config: a command is missing (check, schema, simulate)");
    }

    @Command(
            name = "check",
            description = "Checks a configuration file and prints every problem in it.",
            mixinStandardHelpOptions = true)
    int check(
            @Parameters(paramLabel = "FILE", description = "YAML or JSON.") Path file,
            @Option(names = "--output", description = "table or json.", defaultValue = "table")
                    Output output) {
        ConfigCheck.Outcome outcome =
                ConfigCheck.run(file, new SecretSource(System.getenv()), Instant.now());
        PrintWriter out =
                outcome.exitCode() == 0 || output == Output.JSON
                        ? spec.commandLine().getOut()
                        : spec.commandLine().getErr();
        if (output == Output.JSON) {
            out.println(json(outcome));
        } else {
            outcome.lines().forEach(out::println);
        }
        out.flush();
        return outcome.exitCode();
    }

    private static String json(ConfigCheck.Outcome outcome) {
        ObjectNode node = Json.object().put("valid", outcome.exitCode() == 0);
        ArrayNode problems = node.putArray("problems");
        for (var problem : outcome.problems()) {
            problems.add(problem.text());
        }
        ArrayNode lines = node.putArray("lines");
        outcome.lines().forEach(lines::add);
        return Json.text(node);
    }

    @Command(
            name = "schema",
            description = "Prints the JSON Schema of the configuration document.",
            mixinStandardHelpOptions = true)
    void schema() {
        PrintWriter out = spec.commandLine().getOut();
        out.println(ConfigSchema.text().strip());
        out.flush();
    }
}

package dev.pillion.sidecar.cli;

import dev.pillion.protocol.chat.RouteWish.Prefer;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.config.Config;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.Nearest;
import dev.pillion.sidecar.config.SelfConfig;
import dev.pillion.sidecar.rehearse.Rehearsal.Way;
import dev.pillion.sidecar.rehearse.Report;
import dev.pillion.sidecar.rehearse.Scenario;
import dev.pillion.sidecar.rehearse.Simulation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pillion config simulate}: how a configuration would route, on virtual time. */
@Command(
        name = "simulate",
        description = {
            "Shows how a configuration would route a class of requests while vendors fail, slow"
                    + " down or change prices.",
            "The planner, health and failover that serve requests run on virtual time against"
                    + " virtual vendors: nothing is sent, and no key need be at hand. The speeds of"
                    + " models are assumptions, unless --tempo gives them."
        },
        mixinStandardHelpOptions = true,
        modelTransformer = SimulateCommand.Footer.class)
final class SimulateCommand implements Callable<Integer> {
    private static final String BUILT_IN = "-";
    private static final String ALL = "all";
    private static final int HELP_WIDTH = 78;
    private static final int NEAREST_SHOWN = 3;
    private static final double LEAST_RATE = 0.001;
    private static final double MOST_MINUTES = 1_440;
    private static final double MOST_REQUESTS = 200_000;

    /** Other ways of routing, in the order in which they are shown. */
    private static final List<Way> OTHERS =
            List.of(
                    Way.BALANCED,
                    Way.CHEAPEST_FIRST,
                    Way.FASTEST_FIRST,
                    Way.FIXED_ORDER,
                    Way.ROUND_ROBIN,
                    Way.LEAST_LATENCY,
                    Way.CHEAPEST,
                    Way.TWO_CHOICES);

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description =
                    "YAML or JSON; - or none: the built-in catalog, with a key at every vendor.")
    private @Nullable Path file;

    @Option(
            names = "--scenario",
            paramLabel = "NAME[,NAME…]|all",
            required = true,
            description = "What happens: one or several of those below.")
    private String scenarios = ALL;

    @Option(
            names = "--class",
            description = "fast, balanced or frontier (default: ${DEFAULT-VALUE}).",
            defaultValue = "balanced")
    private ModelClass modelClass = ModelClass.BALANCED;

    @Option(
            names = "--prefer",
            description =
                    "What requests say they prefer: balanced, cheapest or fastest (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "balanced")
    private Prefer prefer = Prefer.BALANCED;

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description = "Requests a second on the average (default: ${DEFAULT-VALUE}).",
            defaultValue = "2")
    private double ratePerSecond = 2;

    @Option(
            names = "--minutes",
            description = "How long they come, in virtual time (default: ${DEFAULT-VALUE}).",
            defaultValue = "20")
    private double minutes = 20;

    @Option(
            names = "--seed",
            description =
                    "Of all chance: the same file, scenario and seed give the same (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private long seed = 1;

    @Option(
            names = "--tempo",
            paramLabel = "MODEL=FIRST_MS,PER_TOKEN_MS",
            description =
                    "A model's milliseconds to the first token of a short prompt, and for each"
                            + " token after it; may be given for several.")
    private List<String> tempos = List.of();

    @Option(
            names = "--compare",
            description = "Plays the usual other ways of routing too, in one table.")
    private boolean compare;

    @Option(names = "--svg", paramLabel = "FILE", description = "Writes a chart there, too.")
    private @Nullable Path svg;

    @Option(names = "--output", description = "table or json.", defaultValue = "table")
    private Output output = Output.TABLE;

    /** One scenario as it went: first by the configuration, then by the other ways. */
    record Scene(Scenario scenario, List<Report> reports) {
        Report own() {
            return reports.getFirst();
        }
    }

    private record Part(Scenario scenario, Way way) {}

    /** Tells in the help text what each scenario is. */
    static final class Footer implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            List<String> lines = new ArrayList<>(List.of("", "Scenarios:"));
            for (Scenario each : Scenario.values()) {
                lines.addAll(lines(each));
            }
            spec.usageMessage().footer(lines.toArray(String[]::new));
            return spec;
        }

        private static List<String> lines(Scenario scenario) {
            List<String> lines = new ArrayList<>();
            var line = new StringBuilder("  %-13s".formatted(scenario.wire()));
            for (String word : scenario.text().split(" ", -1)) {
                if (line.length() + word.length() >= HELP_WIDTH) {
                    lines.add(line.toString());
                    line = new StringBuilder(" ".repeat(15));
                }
                line.append(' ').append(word);
            }
            lines.add(line.toString());
            return lines;
        }
    }

    @Override
    public Integer call() {
        Set<Scenario> asked = asked();
        checkSize();
        Config config = config();
        var setting = new Simulation.Setting(modelClass, prefer, seed, ratePerSecond, minutes);
        Simulation simulation = simulation(config, setting, Map.of());
        if (!tempos.isEmpty()) {
            simulation = simulation(config, setting, paces(simulation.models()));
        }
        List<Scene> scenes = play(simulation, asked);
        print(simulation, scenes);
        if (svg != null) {
            write(svg, new SimulationChart(simulation, name()).svg(scenes));
        }
        return Exit.DONE;
    }

    private Set<Scenario> asked() {
        Set<Scenario> asked = new LinkedHashSet<>();
        for (String word : scenarios.split(",", -1)) {
            String name = word.strip();
            Scenario scenario = Scenario.of(name);
            if (scenario != null) {
                asked.add(scenario);
            } else if (name.equals(ALL)) {
                asked.addAll(List.of(Scenario.values()));
            } else {
                throw wrong("--scenario", name, "near: " + nearest(name) + "; or all");
            }
        }
        return asked;
    }

    private static String nearest(String name) {
        List<String> all = Arrays.stream(Scenario.values()).map(Scenario::wire).toList();
        return String.join(", ", Nearest.among(name, all, NEAREST_SHOWN));
    }

    private static Exit.Failure wrong(String option, Object value, String expected) {
        return new Exit.Failure(
                Exit.USAGE, option + ": '" + value + "' (expected: " + expected + ")");
    }

    private void checkSize() {
        if (!(ratePerSecond >= LEAST_RATE && ratePerSecond <= MOST_REQUESTS)) {
            throw wrong("--rate", ratePerSecond, "at least " + LEAST_RATE + " requests a second");
        }
        if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
            throw wrong("--minutes", minutes, "more than 0, at most " + (long) MOST_MINUTES);
        }
        double requests = ratePerSecond * minutes * 60;
        if (requests > MOST_REQUESTS || requests < 1) {
            throw wrong(
                    "--rate and --minutes",
                    Math.round(requests) + " requests",
                    "1 to " + (long) MOST_REQUESTS);
        }
    }

    private Config config() {
        if (file == null || file.toString().equals(BUILT_IN)) {
            return SelfConfig.withEveryVendor();
        }
        ConfigReader.Result read = ConfigReader.read(file);
        Config config = read.config();
        if (config == null) {
            throw new Exit.Failure(
                    Exit.BAD_CONFIG,
                    read.problems().stream()
                            .map(problem -> problem.text(String.valueOf(file)))
                            .collect(Collectors.joining(System.lineSeparator())));
        }
        PrintWriter err = spec.commandLine().getErr();
        read.warnings().forEach(warning -> err.println("pillion: warning: " + warning));
        return config;
    }

    /** What is simulated, for people. */
    private String name() {
        return file == null || file.toString().equals(BUILT_IN)
                ? "the built-in catalog"
                : file.toString();
    }

    private Simulation simulation(
            Config config, Simulation.Setting setting, Map<String, Simulation.Pace> paces) {
        try {
            return new Simulation(config, setting, paces);
        } catch (IllegalArgumentException e) {
            throw new Exit.Failure(Exit.USAGE, "--class: " + e.getMessage());
        }
    }

    private Map<String, Simulation.Pace> paces(List<String> models) {
        Map<String, Simulation.Pace> paces = new LinkedHashMap<>();
        for (String text : tempos) {
            int at = text.lastIndexOf('=');
            String model = at < 0 ? text : text.substring(0, at);
            if (!models.contains(model)) {
                throw wrong(
                        "--tempo",
                        model,
                        "a model of the class: "
                                + String.join(", ", Nearest.among(model, models, NEAREST_SHOWN)));
            }
            paces.put(model, pace(text, text.substring(at + 1).split(",", -1)));
        }
        return paces;
    }

    private static Simulation.Pace pace(String text, String[] numbers) {
        try {
            double first = Double.parseDouble(numbers[0]);
            double token = Double.parseDouble(numbers[numbers.length - 1]);
            if (numbers.length == 2
                    && first > 0
                    && first <= 600_000
                    && token >= 0
                    && token <= 60_000) {
                return new Simulation.Pace(first, token);
            }
        } catch (NumberFormatException e) {
            throw noPace(text);
        }
        throw noPace(text);
    }

    private static Exit.Failure noPace(String text) {
        return wrong("--tempo", text, "MODEL=FIRST_MS,PER_TOKEN_MS, as in 400,12");
    }

    /** Plays know nothing of each other, so several may be played at once. */
    private List<Scene> play(Simulation simulation, Set<Scenario> asked) {
        List<Way> ways = new ArrayList<>(List.of(simulation.own()));
        if (compare) {
            OTHERS.stream().filter(way -> way != simulation.own()).forEach(ways::add);
        }
        Map<Scenario, List<Report>> reports =
                asked.stream()
                        .flatMap(scenario -> ways.stream().map(way -> new Part(scenario, way)))
                        .toList()
                        .parallelStream()
                        .map(each -> simulation.play(each.scenario(), each.way()))
                        .collect(Collectors.groupingBy(Report::scenario));
        return asked.stream()
                .map(scenario -> new Scene(scenario, Objects.requireNonNull(reports.get(scenario))))
                .toList();
    }

    private void print(Simulation simulation, List<Scene> scenes) {
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.println(Json.text(SimulationJson.of(simulation, name(), scenes)));
        } else {
            new SimulationTable(simulation, name(), out).print(scenes);
        }
        out.flush();
    }

    private static void write(Path to, String text) {
        try {
            WholeFile.write(to, text);
        } catch (IOException e) {
            throw new Exit.Failure(
                    Exit.FAILED, "--svg: " + to + " can't be written: " + e.getMessage());
        }
    }
}

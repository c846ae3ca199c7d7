package dev.pillion.sidecar.cli;

import static dev.pillion.sidecar.cli.SimulationWords.clock;
import static dev.pillion.sidecar.cli.SimulationWords.number;
import static dev.pillion.sidecar.cli.SimulationWords.plain;

import dev.pillion.sidecar.rehearse.Rehearsal.Way;
import dev.pillion.sidecar.rehearse.Report;
import dev.pillion.sidecar.rehearse.Simulation;
import dev.pillion.sidecar.rehearse.Tally;
import dev.pillion.sidecar.rehearse.Tempo;
import dev.pillion.sidecar.rehearse.Weighing;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A simulation for people: who plays, then each scenario over time and in all. */
final class SimulationTable {
    private static final int BUCKETS = 12;

    /** Models with a column of their own; the traffic of the others stands together. */
    private static final int MOST_COLUMNS = 8;

    private static final String NONE = "-";

    private final Simulation simulation;
    private final String name;
    private final PrintWriter out;

    SimulationTable(Simulation simulation, String name, PrintWriter out) {
        this.simulation = simulation;
        this.name = name;
        this.out = out;
    }

    void print(List<SimulateCommand.Scene> scenes) {
        Simulation.Setting setting = simulation.setting();
        out.println(
                "Class "
                        + setting.modelClass().wire()
                        + " of "
                        + name
                        + ", routed by "
                        + SimulationWords.routed(simulation));
        out.println(
                SimulationWords.rate(simulation)
                        + number(" for %s minutes of virtual time", plain(setting.minutes()))
                        + number(", seed %d, prices as of ", setting.seed())
                        + simulation.pricesAsOf());
        out.println(SimulationWords.SPEEDS);
        out.println();
        models();
        for (SimulateCommand.Scene scene : scenes) {
            out.println();
            scene(scene);
        }
    }

    private static String letter(int model) {
        String letter = String.valueOf((char) ('A' + model % 26));
        return model < 26 ? letter : letter + model / 26;
    }

    private void models() {
        var columns = new Columns("llrrrl");
        columns.add(List.of("", "model", "first token", "each 1k of prompt", "each token", ""));
        for (int i = 0; i < simulation.models().size(); i++) {
            Tempo tempo = simulation.tempos().get(i);
            String id = simulation.models().get(i);
            columns.add(
                    List.of(
                            letter(i),
                            id,
                            plain(tempo.firstMillis()) + " ms",
                            "+ " + plain(tempo.promptMillis()) + " ms",
                            plain(tempo.tokenMillis()) + " ms",
                            simulation.isGiven(id) ? "given" : "assumed"));
        }
        columns.print("", out);
        if (!simulation.leftOut().isEmpty()) {
            String ids = String.join(", ", simulation.leftOut());
            out.println("Not in it, for their providers have no key: " + ids);
        }
    }

    private void scene(SimulateCommand.Scene scene) {
        Report own = scene.own();
        out.println(scene.scenario().wire() + ": " + scene.scenario().text());
        for (SimulationWords.Weather weather : SimulationWords.weather(own)) {
            out.println(
                    number(
                            "  %s to %s: %s %s",
                            clock(weather.first().fromSeconds()),
                            clock(weather.toSeconds()),
                            letter(weather.model()),
                            weather.text()));
        }
        out.println();
        timeline(own);
        out.println();
        regret(own);
        if (scene.reports().size() > 1) {
            out.println();
            comparison(scene.reports());
        }
    }

    /** The models that have columns, as indexes: those with the most requests, in their order. */
    private static List<Integer> shown(Report report) {
        return IntStream.range(0, report.models().size())
                .boxed()
                .filter(model -> report.ofModel(model).requests() > 0)
                .sorted(Comparator.comparingInt(model -> -report.ofModel(model).requests()))
                .limit(MOST_COLUMNS)
                .sorted()
                .toList();
    }

    private void timeline(Report report) {
        List<Integer> shown = shown(report);
        boolean others =
                IntStream.range(0, report.models().size())
                        .anyMatch(model ->
                                report.ofModel(model).requests() > 0 && !shown.contains(model));
        List<String> head = new ArrayList<>(List.of("from", "requests"));
        shown.forEach(model -> head.add(letter(model)));
        if (others) {
            head.add("others");
        }
        head.addAll(List.of("$ per 1,000", "p50 ms", "p99 ms", "retried", "failed", "weather"));
        var columns = new Columns("r".repeat(head.size() - 1) + "l");
        columns.add(head);
        int slices = report.slices();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            int from = bucket * slices / BUCKETS;
            int to = (bucket + 1) * slices / BUCKETS;
            List<Tally> models =
                    shown.stream().map(model -> report.ofModel(model, from, to)).toList();
            double fromSeconds = report.seconds() * from / slices;
            double toSeconds = report.seconds() * to / slices;
            columns.add(
                    line(
                            clock(fromSeconds),
                            report.ofSlices(from, to),
                            models,
                            others,
                            weather(report, fromSeconds, toSeconds)));
        }
        List<Tally> models = shown.stream().map(report::ofModel).toList();
        String cost = report.total().usd() > 0 ? number("$ %.4f in all", report.total().usd()) : "";
        columns.add(line("total", report.total(), models, others, cost));
        columns.print("  ", out);
    }

    private static List<String> line(
            String from, Tally all, List<Tally> models, boolean others, String last) {
        List<String> cells = new ArrayList<>(List.of(from, String.valueOf(all.requests())));
        int rest = all.requests() - all.refused();
        for (Tally model : models) {
            cells.add(share(model.requests(), all.requests()));
            rest -= model.requests();
        }
        if (others) {
            cells.add(share(rest, all.requests()));
        }
        cells.addAll(numbers(all));
        cells.add(last);
        return cells;
    }

    private static String share(int some, int all) {
        double percent = 100.0 * some / all;
        return some == 0 ? NONE : percent < 1 ? "<1 %" : number("%.0f %%", percent);
    }

    private static List<String> numbers(Tally tally) {
        double usd = SimulationWords.usdPerThousand(tally);
        return List.of(
                Double.isNaN(usd) ? NONE : number("%.3f", usd),
                tally.answered() == 0 ? NONE : number("%.0f", tally.waitMillis(0.5)),
                tally.answered() == 0 ? NONE : number("%.0f", tally.waitMillis(0.99)),
                String.valueOf(tally.retried()),
                String.valueOf(tally.failed()));
    }

    private static String weather(Report report, double fromSeconds, double toSeconds) {
        return SimulationWords.weather(report).stream()
                .filter(weather -> weather.touches(fromSeconds, toSeconds))
                .map(weather -> letter(weather.model()) + " " + weather.first().text())
                .collect(Collectors.joining(", "));
    }

    private void regret(Report own) {
        Weighing judge = simulation.judge();
        out.println(
                number(
                        "  Regret %.3f a request; of who knows the scenario and asks the best model"
                                + " each time: %.3f.",
                        own.regret(judge), own.bestRegret(judge)));
        out.println(
                number(
                        "  (%s x how far above the cheapest + %s x how much slower than the fastest"
                                + " model that was well; %s where it failed.)",
                        plain(judge.cost()), plain(judge.latency()), plain(Weighing.FAILED)));
        if (simulation.hasFree()) {
            out.println("  A model is free, so regret of whatever costs anything has no measure.");
        }
        Tally total = own.total();
        if (total.refused() > 0) {
            out.println(
                    number("  %d of the failed were asked of no model:", total.refused())
                            + " none had room for them or could do what they need.");
        }
        if (total.unpriced() > 0) {
            out.println(number("  The cost of %d requests is not known.", total.unpriced()));
        }
    }

    private void comparison(List<Report> reports) {
        var columns = new Columns("lrrrrrr");
        columns.add(
                List.of(
                        "way of routing",
                        "$ per 1,000",
                        "p50 ms",
                        "p99 ms",
                        "retried",
                        "failed",
                        "regret"));
        for (Report report : reports) {
            List<String> cells = new ArrayList<>();
            cells.add(way(report.way()));
            cells.addAll(numbers(report.total()));
            cells.add(number("%.3f", report.regret(simulation.judge())));
            columns.add(cells);
        }
        columns.print("  ", out);
    }

    private String way(Way way) {
        return way == simulation.own()
                ? "yours: " + SimulationWords.routed(simulation)
                : SimulationWords.way(way);
    }
}

package dev.pillion.sidecar.cli;

import static dev.pillion.sidecar.cli.SimulationWords.clock;
import static dev.pillion.sidecar.cli.SimulationWords.number;
import static dev.pillion.sidecar.cli.SvgSheet.at;

import dev.pillion.sidecar.cli.SimulationWords.Weather;
import dev.pillion.sidecar.rehearse.Report;
import dev.pillion.sidecar.rehearse.Simulation;
import dev.pillion.sidecar.rehearse.Spell;
import dev.pillion.sidecar.rehearse.Tally;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A simulation as a chart: for each scenario its weather, and under it over the same time the
 * traffic's shares, its cost, the wait to the first token, and failures.
 */
final class SimulationChart {
    private static final double WIDTH = 960;
    private static final double LEFT = 84;
    private static final double PLOT = WIDTH - LEFT - 20;
    private static final double LANE = 22;
    private static final double SHARES = 150;
    private static final double STRIP = 74;
    private static final double GAP = 26;
    private static final double CHARACTER = 6.6;
    private static final int MOST_TICKS = 10;
    private static final double SECOND_MILLIS = 1_000;

    private static final long[] TICK_SECONDS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400
    };

    /** Of the models with the most traffic; all others share the last. */
    private static final List<String> COLOURS =
            List.of(
                    "#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#76b7b2", "#d4a72c", "#9c755f",
                    "#e377a2", "#8c959f");

    private final Simulation simulation;
    private final String name;
    private final SvgSheet sheet = new SvgSheet();
    private List<Integer> order = List.of();
    private double y;

    SimulationChart(Simulation simulation, String name) {
        this.simulation = simulation;
        this.name = name;
    }

    String svg(List<SimulateCommand.Scene> scenes) {
        List<Report> reports = scenes.stream().map(SimulateCommand.Scene::own).toList();
        order = byTraffic(reports);
        Simulation.Setting setting = simulation.setting();
        String title =
                "Class "
                        + setting.modelClass().wire()
                        + ", routed by "
                        + SimulationWords.routed(simulation);
        y = 30;
        sheet.text("title", 20, y, title);
        y += 20;
        sheet.text("dim", 20, y, shortened(name, 130));
        y += 18;
        sheet.text(
                "dim",
                20,
                y,
                SimulationWords.rate(simulation)
                        + number(", seed %d, prices as of ", setting.seed())
                        + simulation.pricesAsOf()
                        + ". "
                        + SimulationWords.SPEEDS);
        legend();
        scenes.forEach(this::scene);
        return sheet.whole(WIDTH, y, title);
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : "…" + text.substring(text.length() - most + 1);
    }

    private List<Integer> byTraffic(List<Report> reports) {
        return IntStream.range(0, simulation.models().size())
                .boxed()
                .sorted(
                        Comparator.comparingInt(model ->
                                -reports.stream().mapToInt(r -> r.ofModel(model).requests()).sum()))
                .toList();
    }

    private String colour(int model) {
        return COLOURS.get(Math.min(order.indexOf(model), COLOURS.size() - 1));
    }

    private void legend() {
        y += 12;
        for (int i = 0; i < order.size(); i++) {
            double x = 20 + i % 2 * (WIDTH / 2);
            y += i % 2 == 0 ? 18 : 0;
            sheet.swatch(colour(order.get(i)), x, y - 10, 12, 12);
            sheet.text("", x + 18, y, shortened(simulation.models().get(order.get(i)), 64));
        }
    }

    private void scene(SimulateCommand.Scene scene) {
        Report report = scene.own();
        y += 40;
        String text = scene.scenario().wire() + ": " + scene.scenario().text();
        sheet.text("scene", 20, y, text);
        y += 8;
        weather(report);
        double top = y;
        y += GAP;
        caption("share of the requests by model");
        double below = y + SHARES + 3 * (GAP + STRIP);
        storms(report, top, below);
        shares(report);
        y += SHARES + GAP;
        cost(report);
        y += STRIP + GAP;
        waits(report);
        y += STRIP + GAP;
        trouble(report);
        y += STRIP;
        ticks(report.seconds(), top);
        y += 24;
    }

    private void caption(String text) {
        sheet.text("dim", LEFT, y - 7, text);
    }

    /** A bar and its words for each sort of spell. */
    private void weather(Report report) {
        for (Weather weather : SimulationWords.weather(report)) {
            String words = simulation.models().get(weather.model()) + ": " + weather.text();
            double from = x(report, weather.first().fromSeconds());
            boolean fits = from + words.length() * CHARACTER < WIDTH - 8;
            sheet.text(
                    fits ? "" : "end", fits ? from : x(report, weather.toSeconds()), y + 11, words);
            for (Spell spell : report.weather(weather.model())) {
                if (weather.has(spell)) {
                    double x = x(report, spell.fromSeconds());
                    double end = x(report, spell.toSeconds());
                    sheet.swatch(colour(weather.model()), x, y + 15, end - x, 5);
                }
            }
            y += LANE;
        }
    }

    private void storms(Report report, double top, double bottom) {
        Set<List<Double>> drawn = new HashSet<>();
        for (int model = 0; model < report.models().size(); model++) {
            for (Spell spell : report.weather(model)) {
                if (drawn.add(List.of(spell.fromSeconds(), spell.toSeconds()))) {
                    double x = x(report, spell.fromSeconds());
                    sheet.rect("storm", x, top, x(report, spell.toSeconds()) - x, bottom - top);
                }
            }
        }
    }

    private static double x(Report report, double seconds) {
        return LEFT + PLOT * seconds / report.seconds();
    }

    private static double x(Report report, int slice) {
        return LEFT + PLOT * slice / report.slices();
    }

    private void shares(Report report) {
        scale(SHARES, "100 %", "50 %", "0 %");
        double[] below = new double[report.slices()];
        for (int model : order) {
            var path = new StringBuilder();
            for (int slice = 0; slice < below.length; slice++) {
                int all = report.ofSlices(slice, slice + 1).requests();
                int some = report.ofModel(model, slice, slice + 1).requests();
                if (some > 0) {
                    double high = SHARES * some / all;
                    double bottom = y + SHARES - below[slice];
                    path.append('M').append(at(x(report, slice))).append(' ').append(at(bottom));
                    path.append('V').append(at(bottom - high));
                    path.append('H').append(at(x(report, slice + 1)));
                    path.append('V').append(at(bottom)).append('z');
                    below[slice] += high;
                }
            }
            double share =
                    100.0
                            * report.ofModel(model).requests()
                            / Math.max(1, report.total().requests());
            sheet.area(
                    colour(model), number("%s, %.1f %%", report.models().get(model), share), path);
        }
    }

    /** Labels and rules from the top of a strip to its bottom. */
    private void scale(double height, String... labels) {
        for (int i = 0; i < labels.length; i++) {
            double at = y + height * i / (labels.length - 1);
            sheet.line("rule", "M" + at(LEFT) + " " + at(at) + "h" + at(PLOT));
            sheet.text("dim end", LEFT - 6, at + 4, labels[i]);
        }
    }

    private void cost(Report report) {
        double[] usd = slices(report, SimulationWords::usdPerThousand);
        double most = roundUp(most(usd));
        caption("USD for 1,000 requests");
        scale(STRIP, number("%s", brief(most)), "0");
        sheet.line("cost", steps(report, usd, value -> y + STRIP * (1 - value / most)));
    }

    private void waits(Report report) {
        double[] half = slices(report, tally -> wait(tally, 0.5));
        double[] tail = slices(report, tally -> wait(tally, 0.99));
        double low = decade(least(half), false);
        double high = Math.max(low * 10, decade(most(tail), true));
        sheet.words(
                LEFT,
                y - 7,
                "dim",
                "seconds to the first token (logarithmic): ",
                "of-median",
                "median",
                "dim",
                ", ",
                "of-tail",
                "99th percentile");
        int decades = (int) Math.round(Math.log10(high / low));
        String[] labels = new String[decades + 1];
        for (int i = 0; i <= decades; i++) {
            labels[i] = brief(high / Math.pow(10, i) / SECOND_MILLIS) + " s";
        }
        scale(STRIP, labels);
        DoubleUnaryOperator place =
                value -> y + STRIP * (1 - Math.log10(value / low) / Math.log10(high / low));
        sheet.line("tail", steps(report, tail, place));
        sheet.line("median", steps(report, half, place));
    }

    private static double wait(Tally tally, double share) {
        return tally.answered() == 0 ? Double.NaN : Math.max(1, tally.waitMillis(share));
    }

    private static double decade(double value, boolean above) {
        double exponent = Math.log10(value);
        return Math.pow(10, above ? Math.ceil(exponent) : Math.floor(exponent));
    }

    private void trouble(Report report) {
        double[] retried = slices(report, Tally::retried);
        double[] failed = slices(report, Tally::failed);
        double most = Math.max(1, Math.max(most(retried), most(failed)));
        Tally total = report.total();
        sheet.words(
                LEFT,
                y - 7,
                "dim",
                "requests that ",
                "failed",
                number("failed (%d)", total.failed()),
                "dim",
                ", and that ",
                "retried",
                number("took several attempts (%d)", total.retried()));
        scale(STRIP, number("%.0f", most), "0");
        bars(report, "retried", retried, most, 0.5);
        bars(report, "failed", failed, most, 0);
    }

    /** Two sorts stand beside each other: {@code shift} is 0 or a half of a slice. */
    private void bars(Report report, String style, double[] values, double most, double shift) {
        double width = PLOT / report.slices();
        for (int slice = 0; slice < values.length; slice++) {
            if (values[slice] > 0) {
                double high = STRIP * values[slice] / most;
                double x = x(report, slice) + shift * width;
                sheet.rect(style, x, y + STRIP - high, width * 0.45, high);
            }
        }
    }

    private void ticks(double seconds, double top) {
        long step = TICK_SECONDS[TICK_SECONDS.length - 1];
        for (int i = TICK_SECONDS.length - 1; i >= 0; i--) {
            step = seconds / TICK_SECONDS[i] <= MOST_TICKS ? TICK_SECONDS[i] : step;
        }
        for (long at = 0; at <= seconds; at += step) {
            double x = LEFT + PLOT * at / seconds;
            sheet.line("rule", "M" + at(x) + " " + at(top) + "V" + at(y + 4));
            sheet.text("dim middle", x, y + 18, clock((double) at));
        }
    }

    private static double[] slices(Report report, ToDoubleFunction<Tally> what) {
        return IntStream.range(0, report.slices())
                .mapToDouble(slice -> what.applyAsDouble(report.ofSlices(slice, slice + 1)))
                .toArray();
    }

    private static double most(double[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(1);
    }

    private static double least(double[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .filter(value -> !Double.isNaN(value))
                .min()
                .orElse(1);
    }

    /** A line that keeps its height for a slice, and breaks where there is no value. */
    private static StringBuilder steps(Report report, double[] values, DoubleUnaryOperator place) {
        var path = new StringBuilder();
        boolean broken = true;
        for (int slice = 0; slice < values.length; slice++) {
            if (!Double.isNaN(values[slice])) {
                String height = at(place.applyAsDouble(values[slice]));
                path.append(broken ? "M" + at(x(report, slice)) + " " + height : "V" + height);
                path.append('H').append(at(x(report, slice + 1)));
            }
            broken = Double.isNaN(values[slice]);
        }
        return path;
    }

    /** To a number that reads well. */
    private static double roundUp(double value) {
        if (!(value > 0)) {
            return 1;
        }
        double unit = Math.pow(10, Math.floor(Math.log10(value)));
        for (double times : new double[] {1, 1.5, 2, 3, 5, 7.5}) {
            if (value <= times * unit) {
                return times * unit;
            }
        }
        return 10 * unit;
    }

    private static String brief(double value) {
        return number("%.4f", value).replaceFirst("\\.?0+$", "");
    }
}

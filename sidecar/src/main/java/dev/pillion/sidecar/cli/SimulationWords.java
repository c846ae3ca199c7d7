package dev.pillion.sidecar.cli;

import dev.pillion.protocol.chat.RouteWish.Prefer;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.rehearse.Rehearsal.Way;
import dev.pillion.sidecar.rehearse.Report;
import dev.pillion.sidecar.rehearse.Simulation;
import dev.pillion.sidecar.rehearse.Spell;
import dev.pillion.sidecar.rehearse.Tally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The words and numbers in which a simulation is told, whatever the form. */
final class SimulationWords {
    /** What the speeds are, which no output may leave out. */
    static final String SPEEDS =
            "Speeds are assumed, not measured, except where --tempo gives them.";

    private SimulationWords() {}

    /** Such as {@code 2 requests a second}. */
    static String rate(Simulation simulation) {
        double rate = simulation.setting().ratePerSecond();
        return plain(rate) + (rate == 1 ? " request a second" : " requests a second");
    }

    /** Without the zeros that say nothing. */
    static String plain(double value) {
        return value == Math.rint(value) ? number("%.0f", value) : Double.toString(value);
    }

    /** How requests are routed by the configuration. */
    static String routed(Simulation simulation) {
        Prefer prefer = simulation.setting().prefer();
        RoutingConfig.Weights weights = simulation.weights();
        if (prefer != Prefer.BALANCED) {
            return "prefer " + prefer.name().toLowerCase(Locale.ROOT);
        }
        return weights == null
                ? "the class's order"
                : "weights: cost "
                        + weights.cost().toPlainString()
                        + ", latency "
                        + weights.latency().toPlainString()
                        + ", reliability "
                        + weights.reliability().toPlainString();
    }

    static String way(Way way) {
        return switch (way) {
            case CONFIGURED -> "as configured";
            case BALANCED -> "Pillion, weights all 1";
            case CHEAPEST_FIRST -> "Pillion, prefer cheapest";
            case FASTEST_FIRST -> "Pillion, prefer fastest";
            case FIXED_ORDER -> "fixed order";
            case ROUND_ROBIN -> "round robin";
            case LEAST_LATENCY -> "least latency";
            case CHEAPEST -> "cheapest by price list";
            case TWO_CHOICES -> "two choices, peak EWMA";
        };
    }

    static String word(Way way) {
        return way.name().toLowerCase(Locale.ROOT);
    }

    /** Such as {@code 3:20}. */
    static String clock(double seconds) {
        long whole = Math.round(seconds);
        return number("%d:%02d", whole / 60, whole % 60);
    }

    /** The same wherever it is written. */
    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** What befalls a model, several spells of one sort as one line. */
    record Weather(int model, Spell first, double toSeconds, int times) {
        String text() {
            return first.text() + (times == 1 ? "" : ", " + times + " times");
        }

        boolean has(Spell spell) {
            return isSame(first, spell)
                    && spell.fromSeconds() >= first.fromSeconds()
                    && spell.toSeconds() <= toSeconds;
        }

        boolean touches(double fromSeconds, double untilSeconds) {
            return first.fromSeconds() < untilSeconds && toSeconds > fromSeconds;
        }
    }

    /** By time. */
    static List<Weather> weather(Report report) {
        List<Weather> all = new ArrayList<>();
        for (int model = 0; model < report.models().size(); model++) {
            int before = all.size();
            for (Spell spell : report.weather(model)) {
                Weather last = all.size() == before ? null : all.getLast();
                if (last != null && isSame(last.first, spell)) {
                    all.removeLast();
                    all.add(new Weather(model, last.first, spell.toSeconds(), last.times + 1));
                } else {
                    all.add(new Weather(model, spell, spell.toSeconds(), 1));
                }
            }
        }
        all.sort(Comparator.comparingDouble(weather -> weather.first.fromSeconds()));
        return all;
    }

    private static boolean isSame(Spell one, Spell other) {
        return one.kind() == other.kind() && one.amount() == other.amount();
    }

    /** USD for a thousand such requests; NaN: not known. */
    static double usdPerThousand(Tally tally) {
        int priced = tally.requests() - tally.unpriced();
        return priced == 0 ? Double.NaN : tally.usd() / priced * 1_000;
    }
}

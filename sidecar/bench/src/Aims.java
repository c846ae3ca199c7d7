package dev.pillion.bench;

import dev.pillion.bench.Result.Sample;
import dev.pillion.bench.Result.Who;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What the project holds itself to, beside what was measured; as Markdown, for the README. Where
 * several formats fall under one aim the worst of them counts.
 */
final class Aims {
    private static final Predicate<Slot> PASSED = slot -> slot.way().passes();
    private static final Predicate<Slot> TRANSLATED = slot -> !slot.way().passes();

    private final Result result;
    private final Map<String, Double> footprint;
    private final List<String> rows = new ArrayList<>();

    private Aims(Result result, Map<String, Double> footprint) {
        this.result = result;
        this.footprint = footprint;
    }

    /** The day, the method and the table; a row whose figure was not measured is left out. */
    static String table(Options options, Result result, Map<String, Double> footprint) {
        var aims = new Aims(result, footprint);
        aims.rows();
        String method =
                String.format(
                        Locale.ROOT,
                        "%n%s, `sidecar/bench/run%s`: %d cores (others used %.2f of them), %d rounds of"
                                + " %d s a case after a warm-up of at least %d s; median (extremes of"
                                + " the rounds)%n",
                        LocalDate.now(ZoneId.systemDefault()),
                        options.quick() ? " --quick" : "",
                        Runtime.getRuntime().availableProcessors(),
                        result.foreignCores(),
                        options.rounds(),
                        options.seconds(),
                        options.warmupSeconds());
        String head = "\n| what | measured | aim | |\n|---|---|---|---|\n";
        return method + head + String.join("", aims.rows);
    }

    private void rows() {
        String cpu = "CPU a request against nginx, ";
        most(cpu + "passed through, 1 KB", PASSED, Slot.Size.K1, Sample::cpuMicros, 2.2);
        most(cpu + "passed through, 64 KB", PASSED, Slot.Size.K64, Sample::cpuMicros, 4.5);
        most(cpu + "passed through, stream", PASSED, Slot.Size.SSE, Sample::cpuMicros, 2.5);
        most(cpu + "translated, 1 KB", TRANSLATED, Slot.Size.K1, Sample::cpuMicros, 3.5);
        most(cpu + "translated, 64 KB", TRANSLATED, Slot.Size.K64, Sample::cpuMicros, 8);
        most(cpu + "translated, stream", TRANSLATED, Slot.Size.SSE, Sample::cpuMicros, 5);
        String speed = "throughput against nginx, ";
        least(speed + "passed through, 1 KB", Slot.Size.K1, 0.45);
        least(speed + "passed through, 64 KB", Slot.Size.K64, 0.25);
        least(speed + "passed through, stream", Slot.Size.SSE, 0.4);
        addedLatency();
        footprint.forEach((what, figure) -> row(what, figure, "", Footprint.AIMS.get(what), true));
    }

    private void most(
            String what,
            Predicate<Slot> which,
            Slot.Size size,
            ToDoubleFunction<Sample> value,
            double aim) {
        Slot worst = worst(which, size, value, 1);
        if (worst != null) {
            row(what, result.ratio(worst, value), worst, aim, true);
        }
    }

    private void least(String what, Slot.Size size, double aim) {
        Slot worst = worst(PASSED, size, Sample::perSecond, -1);
        if (worst != null) {
            row(what, result.ratio(worst, Sample::perSecond), worst, aim, false);
        }
    }

    /** The one whose ratio times the sign is the largest; null where none was measured. */
    private Slot worst(
            Predicate<Slot> which, Slot.Size size, ToDoubleFunction<Sample> value, int sign) {
        Slot worst = null;
        for (var slot : result.slots()) {
            boolean counts =
                    slot.size() == size
                            && slot.transport() == Slot.Transport.TCP
                            && which.test(slot)
                            && !Double.isNaN(result.ratio(slot, value).median());
            if (counts
                    && (worst == null
                            || sign * result.ratio(slot, value).median()
                                    > sign * result.ratio(worst, value).median())) {
                worst = slot;
            }
        }
        return worst;
    }

    private void addedLatency() {
        var slot = new Slot(Slot.Size.K1, Slot.Way.PASS, Slot.Transport.TCP);
        double nginx = result.added(slot, Who.NGINX, Sample::p50Micros).median();
        double pillion = result.added(slot, Who.RIVAL, Sample::p50Micros).median();
        var ratio = result.addedRatio(slot, Sample::p50Micros);
        String shown =
                String.format(
                        Locale.ROOT,
                        " (%.2f to %.2f; %.0f and %.0f us)",
                        ratio.min(),
                        ratio.max(),
                        pillion,
                        nginx);
        if (!Double.isNaN(ratio.median())) {
            row("median latency added, against nginx's, 1 KB", ratio.median(), shown, 2.0, true);
        }
    }

    private void row(String what, Result.Spread spread, Slot slot, double aim, boolean atMost) {
        String shown =
                String.format(
                        Locale.ROOT,
                        " (%.2f to %.2f; %s)",
                        spread.min(),
                        spread.max(),
                        slot.way().label);
        row(what, spread.median(), shown, aim, atMost);
    }

    private void row(String what, double figure, String rest, double aim, boolean atMost) {
        String format = aim < 10 ? "%.2f" : aim < 200 ? "%.1f" : "%.0f";
        boolean met = atMost ? figure <= aim : figure >= aim;
        rows.add(
                "| %s | %s%s | %s %s | %s |%n"
                        .formatted(
                                what,
                                String.format(Locale.ROOT, format, figure),
                                rest,
                                atMost ? "at most" : "at least",
                                String.valueOf(aim).replaceAll("\\.0$", ""),
                                met ? "met" : "missed"));
    }
}

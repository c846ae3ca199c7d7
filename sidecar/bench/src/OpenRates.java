package dev.pillion.bench;

import dev.pillion.bench.Result.Spread;
import dev.pillion.bench.Result.Who;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Latency at fixed rates, of direct, nginx and Pillion in turn; the small case, passed through. */
final class OpenRates {
    private static final int[] PER_SECOND = {50, 200, 800};
    private static final Slot SLOT = new Slot(Slot.Size.K1, Slot.Way.PASS, Slot.Transport.TCP);
    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 1};

    private final Workshop workshop;
    private final Result result;
    private final List<Who> all;
    private final Map<String, List<OpenLoop.Outcome>> outcomes = new LinkedHashMap<>();

    OpenRates(Workshop workshop, Result result) {
        this.workshop = workshop;
        this.result = result;
        this.all =
                workshop.hasRival()
                        ? List.of(Who.DIRECT, Who.NGINX, Who.RIVAL)
                        : List.of(Who.DIRECT, Who.NGINX);
    }

    /** Each rate at each of them, once a round, with the same arrivals for all. */
    void measure(int rounds, int seconds) throws IOException {
        for (int round = 0; round < rounds; round++) {
            for (int rate : PER_SECOND) {
                for (var who : round % 2 == 0 ? all : all.reversed()) {
                    try (var loop = new OpenLoop(workshop.address(who, SLOT), SLOT)) {
                        keep(rate, who, loop.run(rate, seconds, 31L * round + rate));
                    }
                }
            }
        }
    }

    private void keep(int rate, Who who, OpenLoop.Outcome outcome) {
        outcomes.computeIfAbsent(rate + " " + who, _ -> new ArrayList<>()).add(outcome);
        if (outcome.failed() > 0) {
            String where = "open loop, " + rate + " a second, " + who;
            result.addErrors(where, outcome.failed(), List.of(outcome.problem()));
        }
    }

    /** Empty where nothing was measured. */
    String table() {
        if (outcomes.isEmpty()) {
            return "";
        }
        var out = new StringBuilder();
        out.append("\nLatency at fixed rates (Poisson arrivals, counted from the planned time),")
                .append(" microseconds: median of the rounds' p50, p90, p99 and most\n");
        out.append(String.format(Locale.ROOT, "%-10s", "a second"));
        all.forEach(who -> out.append(String.format(Locale.ROOT, " %-30s", name(who))));
        out.append('\n');
        for (int rate : PER_SECOND) {
            out.append(String.format(Locale.ROOT, "%-10d", rate));
            for (var who : all) {
                out.append(String.format(Locale.ROOT, " %-30s", shown(rate, who)));
            }
            out.append('\n');
        }
        return out.toString();
    }

    private String name(Who who) {
        return who == Who.RIVAL ? workshop.rival().name() : who.name().toLowerCase(Locale.ROOT);
    }

    private String shown(int rate, Who who) {
        var rounds = outcomes.getOrDefault(rate + " " + who, List.of());
        var words = new ArrayList<String>();
        for (double quantile : QUANTILES) {
            var spread = Spread.of(rounds.stream().map(each -> each.micros(quantile)).toList());
            words.add(String.format(Locale.ROOT, "%.0f", spread.median()));
        }
        return String.join(" / ", words);
    }
}

package dev.pillion.sidecar.rehearse;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.rehearse.Rehearsal.Way;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Pillion's routing against the usual ways of routing, in ten scenarios by three weightings. Judged
 * by the regret against an oracle that knows the scenario, and not by the planner's own score.
 */
@Tag("slow")
class RoutingRegretTest {
    private static final double RATE_PER_SECOND = 1;
    private static final double SECONDS = 1200;
    private static final List<Long> SEEDS = List.of(6L, 7L, 8L, 9L, 10L);

    /**
     * The table shows which: where the cheapest is away for ten seconds of every forty, one that
     * tries it each time, at 40 ms a refusal, comes out a tenth better.
     */
    private static final int MAY_BE_LOST = 1;

    private static final double MAY_BE_WORSE = 1.1;

    private static final List<Way> OTHERS =
            List.of(
                    Way.FIXED_ORDER,
                    Way.ROUND_ROBIN,
                    Way.LEAST_LATENCY,
                    Way.CHEAPEST,
                    Way.TWO_CHOICES);

    private static Way ours(Weighing weighing) {
        return switch (weighing) {
            case BALANCED -> Way.BALANCED;
            case CHEAPEST -> Way.CHEAPEST_FIRST;
            case FASTEST -> Way.FASTEST_FIRST;
        };
    }

    @Test
    void oursIsTheLeastRegrettedOrNearItInAllButOneOfThirtyCases() {
        List<Rehearsal> rehearsals =
                SEEDS.stream()
                        .map(seed ->
                                new Rehearsal(
                                        Fleet.cast(), seed, RATE_PER_SECOND, SECONDS, Fleet.DAY))
                        .toList();
        var table = new ArrayList<String>();
        var lost = new ArrayList<String>();
        table.add(
                "%-13s %-9s %7s %7s |%8s%8s%8s%8s%8s"
                        .formatted(
                                "mean regret",
                                "weights",
                                "oracle",
                                "ours",
                                "fixed",
                                "robin",
                                "latency",
                                "price",
                                "p2c"));
        var details = new ArrayList<String>();
        for (Scenario scenario : Scenario.values()) {
            Map<Way, List<Report>> reports = new EnumMap<>(Way.class);
            for (Way way : Way.values()) {
                if (way != Way.CONFIGURED) {
                    reports.put(way, rehearsals.stream().map(r -> r.play(scenario, way)).toList());
                }
            }
            for (Weighing weighing : Weighing.values()) {
                judge(scenario, weighing, reports, table, lost);
            }
            reports.forEach((way, all) -> details.add(details(scenario, way, all.getFirst())));
        }
        table.add("");
        table.addAll(details);
        System.out.println(String.join("\n", table));
        assertTrue(lost.size() <= MAY_BE_LOST, () -> lost.toString());
    }

    private static void judge(
            Scenario scenario,
            Weighing weighing,
            Map<Way, List<Report>> reports,
            List<String> table,
            List<String> lost) {
        double ours = mean(reports, ours(weighing), weighing);
        double least = Double.MAX_VALUE;
        var others = new StringBuilder();
        for (Way other : OTHERS) {
            double regret = mean(reports, other, weighing);
            least = Math.min(least, regret);
            others.append("%8.3f".formatted(regret));
        }
        String verdict = ours <= least ? "" : ours <= MAY_BE_WORSE * least ? "  near" : "  LOST";
        table.add(
                "%-13s %-9s %7.3f %7.3f |%s%s"
                        .formatted(
                                scenario.wire(),
                                weighing,
                                reports.get(ours(weighing)).stream()
                                        .mapToDouble(report -> report.bestRegret(weighing))
                                        .average()
                                        .orElseThrow(),
                                ours,
                                others,
                                verdict));
        if (ours > MAY_BE_WORSE * least) {
            lost.add(scenario.wire() + " " + weighing);
        }
    }

    /** The mean over the seeds. */
    private static double mean(Map<Way, List<Report>> reports, Way way, Weighing weighing) {
        return reports.get(way).stream()
                .mapToDouble(report -> report.regret(weighing))
                .average()
                .orElseThrow();
    }

    /** One play, in figures. */
    private static String details(Scenario scenario, Way way, Report report) {
        var shares = new StringBuilder();
        for (int i = 0; i < report.models().size(); i++) {
            double share = 100.0 * report.ofModel(i).requests() / report.total().requests();
            shares.append("%7.1f %%".formatted(share));
        }
        Tally total = report.total();
        return "%-13s %-14s %9.3f USD  p50 %5.0f ms  p99 %6.0f ms  %3d failed  %4d retried %s"
                .formatted(
                        scenario.wire(),
                        way,
                        total.usd(),
                        total.waitMillis(0.5),
                        total.waitMillis(0.99),
                        total.failed(),
                        total.retried(),
                        shares);
    }
}

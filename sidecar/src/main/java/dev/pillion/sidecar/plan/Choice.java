package dev.pillion.sidecar.plan;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.sidecar.health.Health;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the hard filters made of a request's candidates.
 *
 * @param ask as it was looked at last: without what may be left out, where nobody takes it
 * @param able who can answer; empty: nobody
 * @param removed the others, each with the reason
 * @param mostUsd of one attempt, by model; only under a ceiling
 */
record Choice(
        Ask ask,
        Candidates candidates,
        Bond bond,
        List<Able> able,
        List<Plan.Removed> removed,
        Map<String, BigDecimal> mostUsd) {

    Explanation explanation(Instant now, Ranking.Ranked ranked, Health health) {
        Scale scale = ranked.scale();
        return explanation(
                now,
                scale.weights(),
                scale.outputTokens(),
                scale.told(ranked.order(), health),
                null);
    }

    /** Of a request that nobody can answer. */
    Explanation explanation(Instant now, Fault nobody) {
        return explanation(now, null, 0, List.of(), nobody);
    }

    private Explanation explanation(
            Instant now,
            @Nullable Weights weights,
            long outputTokens,
            List<Explanation.Weighed> weighed,
            @Nullable Fault fault) {
        return new Explanation(
                now,
                candidates.name(),
                candidates.namedModel(),
                candidates.modelClass(),
                weights,
                ask.load(),
                outputTokens,
                weighed,
                List.copyOf(removed),
                fault);
    }
}

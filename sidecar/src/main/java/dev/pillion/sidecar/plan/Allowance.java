package dev.pillion.sidecar.plan;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * What all attempts of a request together may cost, and each of them at most.
 *
 * @param maxUsd the ceiling
 * @param mostUsd of one attempt, by the model's qualified id; every model of the plan is there
 * @param at the moment whose prices it is by
 */
public record Allowance(BigDecimal maxUsd, Map<String, BigDecimal> mostUsd, Instant at) {
    public Allowance {
        mostUsd = Map.copyOf(mostUsd);
    }

    /** The most that one attempt at the target can cost. */
    public BigDecimal most(Target target) {
        return mostUsd.getOrDefault(target.model().id(), maxUsd);
    }
}

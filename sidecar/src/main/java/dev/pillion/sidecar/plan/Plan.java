package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.TargetHealth;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask, first choice first, and why.
 *
 * @param targets never empty
 * @param removed who could not serve, each with its reason
 * @param modelClass the class that decided; null when a model was named
 * @param reason one line for people, made when it is asked for
 * @param load what it was weighed by
 * @param allowance what its attempts may cost; null: no ceiling is set
 * @param snapshot the configuration that it was made by
 */
public record Plan(
        Targets targets,
        List<Removed> removed,
        @Nullable String modelClass,
        Supplier<String> reason,
        Load load,
        @Nullable Allowance allowance,
        Snapshot snapshot) {

    /** One line for people. */
    public String why() {
        return reason.get();
    }

    public RoutingConfig.Failover failover() {
        return snapshot.config().routing().failover();
    }

    /**
     * What a candidate was weighed by.
     *
     * @param score less is better; NaN: a list's order counted
     * @param usd what the request is expected to cost there; NaN: not known
     */
    public record Term(String model, double score, double usd, TargetHealth.Standing standing) {
        @Override
        public String toString() {
            return model
                    + (Double.isNaN(score) ? "" : " %.3f".formatted(score))
                    + (Double.isNaN(usd) ? " price unknown" : " %.6f USD".formatted(usd))
                    + (standing.known() ? " %.0f ms".formatted(standing.firstNanos() / 1e6) : "")
                    + (standing.share() < 1 ? " left out" : "");
        }
    }

    /** A candidate that a hard filter took out. */
    public record Removed(String model, String reason) {
        @Override
        public String toString() {
            return model + ": " + reason;
        }
    }
}

package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.config.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask, first choice first, and why.
 *
 * @param targets never empty
 * @param removed who could not serve, each with its reason
 * @param modelClass the class that decided; null when a model was named
 * @param why one line for people
 * @param allowance what its attempts may cost; null: no ceiling is set
 * @param snapshot the configuration that it was made by
 */
public record Plan(
        List<Target> targets,
        List<Removed> removed,
        @Nullable String modelClass,
        String why,
        @Nullable Allowance allowance,
        Snapshot snapshot) {

    public RoutingConfig.Failover failover() {
        return snapshot.config().routing().failover();
    }

    /** A candidate that a hard filter took out. */
    public record Removed(String model, String reason) {
        @Override
        public String toString() {
            return model + ": " + reason;
        }
    }
}

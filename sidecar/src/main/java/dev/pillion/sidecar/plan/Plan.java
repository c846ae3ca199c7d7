package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.config.Snapshot;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask, first choice first, and why.
 *
 * @param targets never empty
 * @param removed who could not serve, each with its reason
 * @param modelClass the class that decided; null when a model was named
 * @param explained why, made when it is asked for
 * @param load what it was weighed by
 * @param allowance what its attempts may cost; null: no ceiling is set
 * @param snapshot the configuration that it was made by
 */
public record Plan(
        Targets targets,
        List<Removed> removed,
        @Nullable String modelClass,
        Supplier<Explanation> explained,
        Load load,
        @Nullable Allowance allowance,
        Snapshot snapshot) {

    /** Why it is as it is; made when it is asked for, and best at once, before things change. */
    public Explanation explanation() {
        return explained.get();
    }

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

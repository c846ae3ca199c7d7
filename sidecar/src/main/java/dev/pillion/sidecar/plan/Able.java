package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.config.Snapshot;
import java.util.List;

/**
 * A model that can serve a request.
 *
 * @param keys that it may be asked with; empty: its provider wants none
 */
record Able(Runner runner, List<Snapshot.Key> keys) {

    /** How many targets it is. */
    int targets() {
        return Math.max(1, keys.size());
    }
}

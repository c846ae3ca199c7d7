package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.health.TargetHealth.Standing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of one request with all that they are weighed by.
 *
 * @param usd the expected cost of each; NaN: not known
 * @param outputTokens that the answer is expected to have
 * @param weights null: the order of the list counts, and there are no scores
 */
@SuppressWarnings("ArrayRecordComponent")
record Scale(
        List<Able> able,
        Standing[] standing,
        double[] usd,
        Habits.Known known,
        long outputTokens,
        @Nullable Weights weights,
        @Nullable Scores scores) {

    /** What each was weighed by, for people, in that order. */
    List<Explanation.Weighed> told(int[] order, Health health) {
        List<Explanation.Weighed> told = new ArrayList<>(order.length);
        for (int each : order) {
            Runner runner = able.get(each).runner();
            ModelConfig model = runner.model();
            told.add(
                    new Explanation.Weighed(
                            model.id(),
                            scores == null ? null : scores.terms(usd[each], standing[each]),
                            usd[each],
                            known.cachedTokens(model.id()),
                            model.traits().contextTokens(),
                            standing[each],
                            runner.health().leftOutNanos(),
                            keys(able.get(each), health)));
        }
        return told;
    }

    private static List<Explanation.KeyState> keys(Able able, Health health) {
        ModelConfig model = able.runner().model();
        List<Explanation.KeyState> keys = new ArrayList<>(able.keys().size());
        for (Snapshot.Key key : able.keys()) {
            long held = health.heldNanos(model.provider(), key.id(), model.id());
            keys.add(new Explanation.KeyState(key.id(), held));
        }
        return keys;
    }
}

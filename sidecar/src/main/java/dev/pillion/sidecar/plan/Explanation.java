package dev.pillion.sidecar.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.sidecar.health.TargetHealth.Standing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is planned as it is: what each candidate was weighed by, and what took the others
 * out. It holds names and numbers, and nothing of what the request says.
 *
 * @param asked what the request named, for people
 * @param named the qualified id of the model that it named; null: a class or an alias
 * @param modelClass the class that decided; null: none did
 * @param weights null: the order of a list counts
 * @param outputTokens that the answer is expected to have
 * @param candidates the one to ask first at first
 * @param removed whom a hard filter took out
 * @param fault why nobody can be asked; null: somebody can
 */
public record Explanation(
        Instant at,
        String asked,
        @Nullable String named,
        @Nullable String modelClass,
        @Nullable Weights weights,
        Load load,
        long outputTokens,
        List<Weighed> candidates,
        List<Plan.Removed> removed,
        @Nullable Fault fault) {

    /**
     * A candidate and what it was weighed by.
     *
     * @param terms null: the order of a list counts
     * @param usd what the request is expected to cost there; NaN: not known
     * @param cachedTokens of its prompt that are expected to be cached there
     * @param contextTokens that the model has room for; 0: not known
     * @param leftOutNanos for so long it is still left out; 0: it is not, or may be tried
     */
    public record Weighed(
            String model,
            @Nullable Terms terms,
            double usd,
            long cachedTokens,
            long contextTokens,
            Standing standing,
            long leftOutNanos,
            List<KeyState> keys) {

        double score() {
            return terms == null ? Double.NaN : terms.score();
        }

        boolean takesPart() {
            return standing.share() > 0;
        }

        boolean allKeysHeld() {
            return !keys.isEmpty() && keys.stream().allMatch(key -> key.heldNanos() > 0);
        }
    }

    /** The terms of a score, each with its weight in it; their sum is the score, less is better. */
    public record Terms(double cost, double latency, double reliability) {
        double score() {
            return cost + latency + reliability;
        }
    }

    /**
     * A key of a candidate.
     *
     * @param heldNanos for so long it is still to be left alone; 0: it is not
     */
    public record KeyState(String id, long heldNanos) {}

    /** Of a call of one provider's own API, which is its alone. */
    static Explanation ofPath(Instant at, String provider, Load load) {
        String asked = "the path names " + provider;
        return new Explanation(at, asked, null, null, null, load, 0, List.of(), List.of(), null);
    }

    /** One line for people on why it was the winner, a model's qualified id, that answered. */
    public String why(String winner) {
        return Why.line(this, winner);
    }

    /** All of it. */
    public ObjectNode json() {
        return ExplanationJson.of(this);
    }
}

package dev.pillion.sidecar.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.health.TargetHealth.Standing;
import dev.pillion.sidecar.plan.Explanation.KeyState;
import dev.pillion.sidecar.plan.Explanation.Terms;
import dev.pillion.sidecar.plan.Explanation.Weighed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** An explanation as JSON: times in milliseconds, money in decimal text. */
final class ExplanationJson {
    private static final double NANOS_PER_MILLI = 1e6;

    private ExplanationJson() {}

    static ObjectNode of(Explanation all) {
        ObjectNode told = Json.object();
        told.put("asked", all.asked());
        told.put("class", all.modelClass());
        told.put("by", by(all));
        Weights weights = all.weights();
        if (weights != null) {
            told.putObject("weights")
                    .put("cost", weights.cost())
                    .put("latency", weights.latency())
                    .put("reliability", weights.reliability());
        }
        told.put("stream", all.load().stream());
        told.put("expected_input_tokens", all.load().inputTokens());
        told.put("expected_output_tokens", all.outputTokens());
        told.put("expected_searches", all.load().searches());
        ArrayNode candidates = told.putArray("candidates");
        all.candidates().forEach(each -> candidate(candidates.addObject(), each, all));
        ArrayNode removed = told.putArray("removed");
        all.removed()
                .forEach(each ->
                        removed.addObject().put("model", each.model()).put("why", each.reason()));
        if (all.fault() != null) {
            told.putObject("error")
                    .put("kind", all.fault().kind().wire())
                    .put("message", all.fault().message());
        } else if (!all.candidates().isEmpty()) {
            told.put("why", all.why(all.candidates().getFirst().model()));
        }
        return told;
    }

    private static String by(Explanation all) {
        if (all.named() != null) {
            return "name";
        }
        return all.weights() == null ? "order" : "weights";
    }

    private static void candidate(ObjectNode told, Weighed each, Explanation all) {
        told.put("model", each.model());
        Terms terms = each.terms();
        if (terms != null) {
            told.put("score", Why.round(terms.score()));
            told.putObject("terms")
                    .put("cost", Why.round(terms.cost()))
                    .put("latency", Why.round(terms.latency()))
                    .put("reliability", Why.round(terms.reliability()));
        }
        told.put("expected_usd", Double.isNaN(each.usd()) ? null : Why.usd(each.usd()));
        told.put("cached_tokens", each.cachedTokens());
        told.put("cached_share", share(each.cachedTokens(), all.load().inputTokens()));
        told.put("context_tokens", each.contextTokens() == 0 ? null : each.contextTokens());
        standing(told, each.standing());
        told.put("left_out_until", after(all.at(), each.leftOutNanos()));
        ArrayNode keys = told.putArray("keys");
        for (KeyState key : each.keys()) {
            keys.addObject()
                    .put("id", key.id())
                    .put("held_until", after(all.at(), key.heldNanos()));
        }
    }

    private static void standing(ObjectNode told, Standing standing) {
        boolean known = standing.known();
        told.put("first_token_ms", known ? millis(standing.firstNanos()) : null);
        told.put("usual_first_token_ms", known ? millis(standing.usualNanos()) : null);
        double each = standing.perTokenNanos();
        told.put("token_ms", each == 0 ? null : Why.round(each / NANOS_PER_MILLI));
        told.put("failure_share", Why.round(standing.failureShare()));
        told.put("share", Why.round(standing.share()));
        told.put("probe_due", standing.probeDue());
    }

    private static Long millis(double nanos) {
        return Math.round(nanos / NANOS_PER_MILLI);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : Why.round(part / (double) whole);
    }

    private static @Nullable String after(Instant at, long nanos) {
        return nanos <= 0 ? null : at.plusNanos(nanos).truncatedTo(ChronoUnit.MILLIS).toString();
    }
}

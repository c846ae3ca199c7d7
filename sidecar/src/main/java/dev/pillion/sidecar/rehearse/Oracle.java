package dev.pillion.sidecar.rehearse;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What would have been possible at the moment a request came, told by who knows the scenario: its
 * weather, prices, tempos and limits, but not the dice of a single answer. A cache is reckoned as
 * if the conversation had always been at that target, whoever had it.
 *
 * @param usd of the cheapest able target; NaN: none is able, or its price is not known
 * @param firstNanos of the fastest able target
 * @param best the least regret that one target gives, by {@link Weighing}
 */
record Oracle(double usd, double firstNanos, Map<Weighing, Double> best) {
    /** What is free must not make all else infinitely dear. */
    static final double LEAST_USD = 1e-7;

    static Oracle at(Turn turn, List<Actor> actors, long nowNanos, Instant now) {
        double[] usd = new double[actors.size()];
        double[] first = new double[actors.size()];
        double cheapest = Double.NaN;
        double fastest = Double.NaN;
        long cached = Actor.cachedAtBest(turn);
        for (int i = 0; i < usd.length; i++) {
            Actor actor = actors.get(i);
            if (!actor.fits(turn) || !actor.able(nowNanos)) {
                first[i] = Double.NaN;
                continue;
            }
            double price = actor.usd(turn.inputTokens(), cached, turn.outputTokens(), now);
            usd[i] = Math.max(LEAST_USD, price);
            first[i] = actor.firstNanos(turn.inputTokens() - cached, nowNanos);
            if (!Double.isNaN(usd[i])) {
                cheapest = Double.isNaN(cheapest) ? usd[i] : Math.min(cheapest, usd[i]);
            }
            fastest = Double.isNaN(fastest) ? first[i] : Math.min(fastest, first[i]);
        }
        Map<Weighing, Double> best = new EnumMap<>(Weighing.class);
        for (Weighing weighing : Weighing.values()) {
            best.put(weighing, best(weighing, usd, first, cheapest, fastest));
        }
        return new Oracle(cheapest, fastest, best);
    }

    private static double best(
            Weighing weighing, double[] usd, double[] first, double cheapest, double fastest) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < usd.length; i++) {
            double regret = weighing.regret(usd[i] / cheapest, first[i] / fastest);
            if (!Double.isNaN(regret)) {
                best = Math.min(best, regret);
            }
        }
        return best == Double.MAX_VALUE ? 0 : best;
    }

    double regret(Weighing weighing, Story story) {
        if (story.failed()) {
            return Weighing.FAILED;
        }
        double cost = Math.max(LEAST_USD, story.usd());
        double regret = weighing.regret(cost / usd, story.firstNanos() / firstNanos);
        return Double.isNaN(regret) ? 0 : regret; // where no price is known there is no measure
    }
}

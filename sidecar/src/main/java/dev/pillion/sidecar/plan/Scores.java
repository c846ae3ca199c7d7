package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.health.TargetHealth.Standing;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Weighs the candidates for one request against each other: what each costs over the cheapest, how
 * long it takes over the fastest, and how often it fails; less is better.
 */
final class Scores {
    /** Candidates so near to the best are as good as it, and share the traffic. */
    static final double NEAR = 0.05;

    /** The share of requests that may go to see how a candidate does that was not asked of late. */
    private static final double EXPLORING = 0.1;

    /**
     * How long one is not looked at that seems worse by 1, and so in proportion: who may turn out
     * better is seen often, who hardly can is seldom seen, and each costs as much.
     */
    private static final double LOOK_NANOS = TimeUnit.SECONDS.toNanos(45);

    /** As much worse is always taken for granted. */
    private static final double LEAST_WORSE = 0.5;

    /** In so long a time the hope grows that a wait has halved, where it was that short before. */
    private static final double SOON_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** The same where it never was. */
    private static final double EVER_NANOS = TimeUnit.MINUTES.toNanos(3);

    /**
     * How much worse one may seem that was left out, and is still worth seeing whether it is well.
     */
    private static final double WORTH_TRYING = 1;

    /** The share of requests that go to candidates of which nothing is known yet. */
    private static final double FIRST_LOOKS = 0.25;

    /** Who costs so much more could not win however fast it were, and is not looked at. */
    private static final double WORTH_A_LOOK = 8;

    private static final double FAILURES_UNIT = 2;

    /** Added to the score of who is left out. */
    private static final double LEFT_OUT = 1e6;

    /** What is free must not make all else infinitely dear. */
    private static final double LEAST_USD = 1e-7;

    /** Below it all is noise. */
    private static final double LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Who begins to answer so soon is as fast as anybody notices. */
    private static final double SOON_ENOUGH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** What stands out against an unknown price: it may be the dearest. */
    private static final double UNKNOWN_FACTOR = 4;

    private final double[] scores;
    private final double[] whenWell;
    private final double fastestNanos;
    private final double cheapestUsd;
    private final Weights weights;

    private Scores(
            double[] scores,
            double[] whenWell,
            double fastestNanos,
            double cheapestUsd,
            Weights weights) {
        this.scores = scores;
        this.whenWell = whenWell;
        this.fastestNanos = fastestNanos;
        this.cheapestUsd = cheapestUsd;
        this.weights = weights;
    }

    /**
     * @param usd the expected cost of each; NaN: not known
     * @param standing how each answers
     */
    static Scores of(double[] usd, Standing[] standing, Weights weights) {
        double cheapest = Double.MAX_VALUE;
        double fastest = Double.MAX_VALUE;
        for (int i = 0; i < usd.length; i++) {
            if (standing[i].share() <= 0) {
                continue; // who does not take part is no measure for the others
            }
            cheapest = usd[i] < cheapest ? usd[i] : cheapest;
            if (standing[i].known()) {
                fastest = Math.min(fastest, standing[i].firstNanos());
            }
        }
        cheapest = Math.max(LEAST_USD, cheapest == Double.MAX_VALUE ? 0 : cheapest);
        fastest = Math.max(LEAST_NANOS, fastest == Double.MAX_VALUE ? 0 : fastest);
        double[] scores = new double[usd.length];
        double[] whenWell = new double[usd.length];
        for (int i = 0; i < usd.length; i++) {
            double cost = weights.cost() * costOver(usd[i], cheapest);
            double wait = weights.latency() * waitOver(standing[i], fastest);
            scores[i] = cost + wait + weights.reliability() * failing(standing[i]);
            whenWell[i] = cost; // what is known of its waits is from before it was ill
        }
        return new Scores(scores, whenWell, fastest, cheapest, weights);
    }

    private static double costOver(double usd, double cheapest) {
        return Double.isNaN(usd) ? UNKNOWN_FACTOR : over(usd, cheapest);
    }

    private static double waitOver(Standing standing, double fastestNanos) {
        return standing.known() ? over(standing.firstNanos(), fastestNanos) : 0;
    }

    private static double failing(Standing standing) {
        return FAILURES_UNIT * standing.failureShare();
    }

    /** What a candidate's score is made of. */
    Explanation.Terms terms(double usd, Standing standing) {
        return new Explanation.Terms(
                weights.cost() * costOver(usd, cheapestUsd),
                weights.latency() * waitOver(standing, fastestNanos),
                weights.reliability() * failing(standing));
    }

    /**
     * What a wait may have become since it was seen last: soon what it was at its best, in the long
     * run anything.
     */
    private static double hoped(Standing standing, long nowNanos) {
        double age = nowNanos - standing.lastNanos();
        double wait = standing.firstNanos();
        double lowest = standing.lowestNanos() == 0 ? wait : standing.lowestNanos();
        double soon = wait * Math.pow(0.5, age / SOON_NANOS);
        double ever = wait * Math.pow(0.5, age / EVER_NANOS);
        return Math.min(ever, Math.max(soon, lowest));
    }

    /** The score that it may be hoped to have. */
    private double hope(int candidate, Standing standing, long nowNanos) {
        double wait = standing.known() ? over(hoped(standing, nowNanos), fastestNanos) : 0;
        return whenWell[candidate] + weights.latency() * wait;
    }

    private static double over(double value, double least) {
        return Math.max(0, value / least - 1);
    }

    /**
     * Whether it would be asked if it were well, so that it is worth seeing whether it is. What is
     * known of its waits is from before it was ill, and counts the less the older it is.
     */
    boolean worthTrying(int candidate, int best, Standing standing, long nowNanos) {
        double faded = Math.pow(0.5, (nowNanos - standing.lastNanos()) / EVER_NANOS);
        double enough = Math.max(SOON_ENOUGH_NANOS, fastestNanos);
        double wait = over(standing.lowestNanos() * faded, enough);
        return whenWell[candidate] + weights.latency() * wait <= scores[best] + WORTH_TRYING;
    }

    /** The order without chance: by score; who is left out comes last. */
    int[] order(Standing[] standing) {
        double[] rank = scores.clone();
        for (int i = 0; i < rank.length; i++) {
            rank[i] += standing[i].share() <= 0 ? LEFT_OUT : 0;
        }
        return sorted(rank);
    }

    /**
     * The order in which the candidates are asked: the best first, or one of those near to it, or
     * now and then one that was not seen of late; who is left out comes last.
     */
    int[] order(Standing[] standing, long nowNanos, RandomGenerator random) {
        int count = scores.length;
        double[] rank = scores.clone();
        double best = Double.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            boolean partly = standing[i].share() < 1;
            if (partly
                    && (standing[i].share() <= 0 || random.nextDouble() >= standing[i].share())) {
                rank[i] += LEFT_OUT;
            }
            best = Math.min(best, rank[i]);
        }
        spread(rank, best, random);
        explore(rank, best, standing, nowNanos, random);
        return sorted(rank);
    }

    private static void spread(double[] rank, double best, RandomGenerator random) {
        for (int i = 0; i < rank.length; i++) {
            if (rank[i] <= best + NEAR) {
                rank[i] = best - random.nextDouble() * NEAR;
            }
        }
    }

    private void explore(
            double[] rank, double best, Standing[] standing, long now, RandomGenerator random) {
        double drawn = random.nextDouble();
        if (rank.length < 2 || drawn >= FIRST_LOOKS) {
            return;
        }
        int unknown = unknown(rank, best, standing);
        if (unknown >= 0) {
            rank[unknown] = best - 1;
            return;
        }
        if (drawn >= EXPLORING) {
            return;
        }
        int at = random.nextInt(rank.length);
        boolean mayWin = whenWell[at] <= best + WORTH_A_LOOK && rank[at] < LEFT_OUT;
        if (mayWin && rank[at] > best && !standing[at].asked()) {
            double worse = Math.max(LEAST_WORSE, hope(at, standing[at], now) - best);
            if (now - standing[at].lastNanos() > worse * LOOK_NANOS) {
                rank[at] = best - 1;
            }
        }
    }

    /** The best of those of which nothing is known, and will not soon be; -1: none. */
    private static int unknown(double[] rank, double best, Standing[] standing) {
        int found = -1;
        for (int i = 0; i < rank.length; i++) {
            boolean asks = !standing[i].known() && !standing[i].asked();
            asks &= rank[i] <= best + WORTH_A_LOOK;
            if (asks && (found < 0 || rank[i] < rank[found])) {
                found = i;
            }
        }
        return found;
    }

    private static int[] sorted(double[] rank) {
        int[] order = new int[rank.length];
        for (int i = 0; i < order.length; i++) {
            int at = i;
            while (at > 0 && rank[order[at - 1]] > rank[i]) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = i;
        }
        return order;
    }
}

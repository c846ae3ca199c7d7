package dev.pillion.sidecar.rehearse;

import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.plan.Ask;
import dev.pillion.sidecar.plan.Plan;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The usual ways of routing that gateways and load balancers have. */
final class Comparators {
    /** A failed call counts as a wait so long at least, or failing fast would look fast. */
    private static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Comparators() {}

    /** A router that only changes the order in which the able are asked. */
    abstract static class Ordering implements Router {
        private final Router listed;
        private final Map<String, Integer> indexes = new HashMap<>();

        /**
         * @param listed gives those who are able, as listed
         */
        Ordering(Router listed, List<Actor> actors) {
            this.listed = listed;
            actors.forEach(actor -> indexes.put(actor.model().id(), actor.index()));
        }

        /** Fills in the rank of each actor, less is earlier. */
        abstract void rank(double[] rank, Ask ask);

        @Override
        public Plan plan(Snapshot snapshot, Ask ask) {
            Plan plan = listed.plan(snapshot, ask);
            double[] rank = new double[indexes.size()];
            rank(rank, ask);
            return new Plan(
                    plan.targets().sorted(id -> rank[indexes.getOrDefault(id, 0)]),
                    plan.removed(),
                    plan.modelClass(),
                    plan.explained(),
                    plan.load(),
                    plan.allowance(),
                    plan.snapshot());
        }
    }

    /** Each one's turn comes. */
    static final class RoundRobin extends Ordering {
        private int next;

        RoundRobin(Router listed, List<Actor> actors) {
            super(listed, actors);
        }

        @Override
        void rank(double[] rank, Ask ask) {
            for (int i = 0; i < rank.length; i++) {
                rank[i] = Math.floorMod(i - next, rank.length);
            }
            next = (next + 1) % rank.length;
        }
    }

    /** Whoever is the cheapest by the price list. */
    static final class Cheapest extends Ordering {
        private static final long USUAL_OUTPUT_TOKENS = 300;
        private final List<Actor> actors;
        private final InstantSource clock;

        Cheapest(Router listed, List<Actor> actors, InstantSource clock) {
            super(listed, actors);
            this.actors = actors;
            this.clock = clock;
        }

        @Override
        void rank(double[] rank, Ask ask) {
            for (int i = 0; i < rank.length; i++) {
                long input = ask.load().inputTokens();
                rank[i] = actors.get(i).usd(input, 0, USUAL_OUTPUT_TOKENS, clock.instant());
            }
        }
    }

    /** Whoever has been the fastest; who was not seen for a while is asked again. */
    static final class LeastLatency extends Ordering {
        private static final double SHARE = 0.3;
        private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(60);
        private final LongSupplier nanos;
        private final double[] means;
        private final long[] seenNanos;

        LeastLatency(Router listed, List<Actor> actors, LongSupplier nanos) {
            super(listed, actors);
            this.nanos = nanos;
            means = new double[actors.size()];
            seenNanos = new long[actors.size()];
        }

        @Override
        void rank(double[] rank, Ask ask) {
            long now = nanos.getAsLong();
            for (int i = 0; i < rank.length; i++) {
                rank[i] = now - seenNanos[i] > FORGET_NANOS ? 0 : means[i];
            }
        }

        @Override
        public void asked(int actor) {
            seenNanos[actor] = nanos.getAsLong(); // one at a time sees how it is now
        }

        @Override
        public void first(int actor, long waitNanos) {
            add(actor, (double) waitNanos);
        }

        @Override
        public void ended(int actor, boolean well, long waitNanos) {
            if (!well) {
                add(actor, (double) Math.max(FAILED_NANOS, waitNanos));
            }
        }

        private void add(int actor, double wait) {
            means[actor] = means[actor] == 0 ? wait : means[actor] + SHARE * (wait - means[actor]);
        }
    }

    /**
     * The better of two drawn by lot, by a peak-sensitive mean of their waits times the calls under
     * way (as Finagle and linkerd do it).
     */
    static final class TwoChoices extends Ordering {
        private static final double DECAY_NANOS = TimeUnit.SECONDS.toNanos(10);
        private final LongSupplier nanos;
        private final RandomGenerator random;
        private final double[] peaks;
        private final long[] atNanos;
        private final int[] underWay;

        TwoChoices(Router listed, List<Actor> actors, LongSupplier nanos, RandomGenerator random) {
            super(listed, actors);
            this.nanos = nanos;
            this.random = random;
            peaks = new double[actors.size()];
            atNanos = new long[actors.size()];
            underWay = new int[actors.size()];
        }

        @Override
        void rank(double[] rank, Ask ask) {
            int one = random.nextInt(rank.length);
            int other = (one + 1 + random.nextInt(Math.max(1, rank.length - 1))) % rank.length;
            for (int i = 0; i < rank.length; i++) {
                double drawn = i == one || i == other ? 0 : 1e18;
                rank[i] = drawn + load(i);
            }
        }

        private double load(int actor) {
            double faded = Math.exp((atNanos[actor] - nanos.getAsLong()) / DECAY_NANOS);
            return peaks[actor] * faded * (underWay[actor] + 1);
        }

        @Override
        public void asked(int actor) {
            underWay[actor]++;
        }

        @Override
        public void first(int actor, long waitNanos) {
            add(actor, (double) waitNanos);
        }

        @Override
        public void ended(int actor, boolean well, long waitNanos) {
            underWay[actor]--;
            if (!well) {
                add(actor, (double) Math.max(FAILED_NANOS, waitNanos));
            }
        }

        private void add(int actor, double wait) {
            long now = nanos.getAsLong();
            double keep = Math.exp((atNanos[actor] - now) / DECAY_NANOS);
            peaks[actor] = wait > peaks[actor] ? wait : peaks[actor] * keep + wait * (1 - keep);
            atNanos[actor] = now;
        }
    }
}

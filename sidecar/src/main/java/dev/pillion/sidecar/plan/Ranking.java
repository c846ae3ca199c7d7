package dev.pillion.sidecar.plan;

import dev.pillion.protocol.chat.RouteWish.Prefer;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.config.RoutingConfig.Breaker;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.health.TargetHealth.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The order in which those are asked who can answer. A list that somebody wrote keeps its order; of
 * a class, its models are weighed for this request. Who is ill comes last, and is tried now and
 * then to see whether it is well again.
 */
final class Ranking {
    private final Health health;
    private final Habits habits;
    private final LongSupplier nanos;
    private final RandomGenerator random;

    Ranking(Health health, Habits habits, LongSupplier nanos, RandomGenerator random) {
        this.health = health;
        this.habits = habits;
        this.nanos = nanos;
        this.random = random;
    }

    /**
     * What came of it.
     *
     * @param models the one to ask first at first
     * @param order in which they stand on the scale
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Ranked(List<Able> models, int[] order, Scale scale) {}

    Ranked rank(Snapshot snapshot, Ask ask, Candidates candidates, List<Able> able) {
        health.arrived();
        long now = nanos.getAsLong();
        Scale scale = scale(snapshot, ask, candidates, able, false, now);
        Standing[] standing = scale.standing();
        Scores scores = scale.scores();
        int[] order = scores == null ? asListed(standing) : scores.order(standing, now, random);
        tryTheIll(order, standing, able, scores, now);
        return ranked(order, scale);
    }

    /** The same without chance, and without any trace of it. */
    Ranked glance(Snapshot snapshot, Ask ask, Candidates candidates, List<Able> able) {
        Scale scale = scale(snapshot, ask, candidates, able, true, nanos.getAsLong());
        Standing[] standing = scale.standing();
        Scores scores = scale.scores();
        int[] order = scores == null ? asListed(standing, () -> 0) : scores.order(standing);
        return ranked(order, scale);
    }

    private Scale scale(
            Snapshot snapshot,
            Ask ask,
            Candidates candidates,
            List<Able> able,
            boolean glance,
            long now) {
        Breaker bounds = snapshot.config().routing().breaker();
        Load load = ask.load();
        Standing[] standing = new Standing[able.size()];
        double[] usd = new double[standing.length];
        Habits.Known known = habits.known(load);
        long output = habits.outputTokens(load);
        boolean holds = health.holds();
        for (int i = 0; i < usd.length; i++) {
            Able each = able.get(i);
            Runner runner = each.runner();
            long cached = known.cachedTokens(runner.model().id());
            // What is cached takes next to no time: the rest of the prompt is its size.
            long fresh = load.inputTokens() - cached;
            Standing found =
                    glance
                            ? runner.health().glance(bounds, load.stream(), fresh, now)
                            : runner.health().standing(bounds, load.stream(), fresh, now);
            standing[i] = unlessHeld(each, holds, found);
            usd[i] = runner.tariff().usd(load.inputTokens(), cached, output, load.searches());
        }
        Weights weights = weights(snapshot, ask, candidates);
        Scores scores = weights == null ? null : Scores.of(usd, standing, weights);
        return new Scale(able, standing, usd, known, output, weights, scores);
    }

    private static Ranked ranked(int[] found, Scale scale) {
        int[] order = scale.scores() == null ? found : byProvider(found, scale);
        List<Able> ordered = new ArrayList<>(order.length);
        for (int each : order) {
            ordered.add(scale.able().get(each));
        }
        return new Ranked(ordered, order, scale);
    }

    /** A model whose every key is to be left alone takes no part either. */
    private Standing unlessHeld(Able able, boolean holds, Standing known) {
        return holds && known.share() > 0 && allHeld(able) ? known.withoutShare() : known;
    }

    private boolean allHeld(Able able) {
        if (able.keys().isEmpty()) {
            return isHeld(able, null);
        }
        for (Snapshot.Key key : able.keys()) {
            if (!isHeld(able, key)) {
                return false;
            }
        }
        return true;
    }

    private boolean isHeld(Able able, Snapshot.@Nullable Key key) {
        ModelConfig model = able.runner().model();
        return health.isHeld(model.provider(), key == null ? null : key.id(), model.id());
    }

    /** Keys that are to be left alone come last. */
    List<Snapshot.Key> heldLast(Able able, List<Snapshot.Key> keys) {
        if (!health.holds()) {
            return keys;
        }
        List<Snapshot.Key> order = new ArrayList<>(keys.size());
        keys.stream().filter(key -> !isHeld(able, key)).forEach(order::add);
        keys.stream().filter(key -> isHeld(able, key)).forEach(order::add);
        return order;
    }

    /** Null: the order that somebody wrote counts. */
    private static @Nullable Weights weights(Snapshot snapshot, Ask ask, Candidates candidates) {
        String name = candidates.modelClass();
        ModelClass modelClass = name == null ? null : ModelClass.of(name);
        if (candidates.explicit() || modelClass == null || ask.task() != Task.ANSWER) {
            return null;
        }
        RoutingConfig.ClassRoute route = snapshot.config().routing().classes().get(modelClass);
        RoutingConfig.Weights configured = route == null ? null : route.weights();
        if (configured == null) {
            return ask.prefer() == Prefer.BALANCED
                    ? null
                    : Weights.of(ask.prefer(), RoutingConfig.Weights.EVEN);
        }
        return Weights.of(ask.prefer(), configured);
    }

    private int[] asListed(Standing[] standing) {
        return asListed(standing, random::nextDouble);
    }

    private static int[] asListed(Standing[] standing, DoubleSupplier chance) {
        int[] order = new int[standing.length];
        int next = 0;
        boolean[] last = new boolean[standing.length];
        for (int i = 0; i < order.length; i++) {
            double share = standing[i].share();
            last[i] = share < 1 && (share <= 0 || chance.getAsDouble() >= share);
            if (!last[i]) {
                order[next++] = i;
            }
        }
        for (int i = 0; i < order.length; i++) {
            if (last[i]) {
                order[next++] = i;
            }
        }
        return order;
    }

    /** One that was left out long enough is asked first, by one request at a time. */
    private static void tryTheIll(
            int[] order, Standing[] standing, List<Able> able, @Nullable Scores scores, long now) {
        int best = order[0];
        for (int at = 1; at < order.length; at++) {
            int each = order[at];
            if (!standing[each].probeDue()) {
                continue;
            }
            boolean worth =
                    scores == null
                            ? each < best
                            : scores.worthTrying(each, best, standing[each], now);
            if (worth && able.get(each).runner().health().claimProbe()) {
                System.arraycopy(order, 0, order, 1, at);
                order[0] = each;
                return;
            }
        }
    }

    /**
     * The best of each provider, then the second of each: what ails a vendor's first model often
     * ails them all. Who is left out comes after all of these, unless it is to be tried first.
     */
    @SuppressWarnings("ReferenceEquality") // a configuration has each once
    private static int[] byProvider(int[] order, Scale scale) {
        int count = order.length;
        int[] round = new int[count];
        var seen = new Snapshot.Upstream[count];
        int[] times = new int[count];
        int providers = 0;
        for (int i = 0; i < count; i++) {
            if (i > 0 && scale.standing()[order[i]].share() <= 0) {
                round[i] = count - 1;
                continue;
            }
            Snapshot.Upstream provider = scale.able().get(order[i]).runner().upstream();
            int at = 0;
            while (at < providers && provider != seen[at]) {
                at++;
            }
            if (at == providers) {
                seen[providers++] = provider;
            }
            round[i] = times[at]++;
        }
        return byRound(order, round);
    }

    /** Those of the first round first, and of each as they were. */
    private static int[] byRound(int[] order, int[] round) {
        int[] next = new int[order.length + 1];
        for (int each : round) {
            next[each + 1]++;
        }
        for (int each = 1; each < next.length; each++) {
            next[each] += next[each - 1];
        }
        int[] result = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            result[next[round[i]]++] = order[i];
        }
        return result;
    }
}

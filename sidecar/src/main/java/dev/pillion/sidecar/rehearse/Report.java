package dev.pillion.sidecar.rehearse;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a rehearsal has shown, summed up as it goes. */
public final class Report {
    private static final int SLICES = 60;
    private static final double MILLION = 1e6;

    private final Scenario scenario;
    private final Rehearsal.Way way;
    private final double seconds;
    private final Map<Weighing, Double> regret = new EnumMap<>(Weighing.class);
    private final Map<Weighing, Double> best = new EnumMap<>(Weighing.class);
    private final Tally total = new Tally();
    private final List<String> models;
    private final Tally[] byModel;
    private final Tally[][] bySlice;

    Report(Scenario scenario, Rehearsal.Way way, List<String> models, double seconds) {
        this.scenario = scenario;
        this.way = way;
        this.models = models;
        this.seconds = seconds;
        byModel = tallies(models.size());
        bySlice = new Tally[SLICES][];
        Arrays.setAll(bySlice, _ -> tallies(models.size() + 1));
    }

    private static Tally[] tallies(int count) {
        var all = new Tally[count];
        Arrays.setAll(all, _ -> new Tally());
        return all;
    }

    /** Requests, what they cost, and how long they took to the first token. */
    public static final class Tally {
        private double[] waitsMillis = new double[64];
        private int waits;
        private int requests;
        private int failed;
        private int retried;
        private double usd;

        void add(Story story) {
            requests++;
            failed += story.failed() ? 1 : 0;
            retried += story.attempts() > 1 ? 1 : 0;
            usd += Double.isNaN(story.usd()) ? 0 : story.usd();
            if (story.answered() >= 0) {
                if (waits == waitsMillis.length) {
                    waitsMillis = Arrays.copyOf(waitsMillis, 2 * waits);
                }
                waitsMillis[waits++] = story.firstNanos() / MILLION;
            }
        }

        public int requests() {
            return requests;
        }

        public int failed() {
            return failed;
        }

        /** Requests that took more than one attempt. */
        public int retried() {
            return retried;
        }

        /** USD; what is not known counts 0. */
        public double usd() {
            return usd;
        }

        /** Milliseconds to the first token that this share of the requests stays under. */
        public double waitMillis(double share) {
            if (waits == 0) {
                return 0;
            }
            double[] sorted = Arrays.copyOf(waitsMillis, waits);
            Arrays.sort(sorted);
            return sorted[Math.min(waits - 1, (int) (share * waits))];
        }
    }

    void add(Story story, Oracle oracle) {
        total.add(story);
        int model = story.answered() >= 0 ? story.answered() : story.firstAsked();
        int slice = (int) (story.turn().arrivalNanos() / 1e9 / seconds * SLICES);
        Tally[] then = bySlice[Math.min(SLICES - 1, slice)];
        then[models.size()].add(story);
        if (model >= 0) {
            byModel[model].add(story);
            then[model].add(story);
        }
        for (Weighing weighing : Weighing.values()) {
            regret.merge(weighing, oracle.regret(weighing, story), Double::sum);
            best.merge(weighing, oracle.best().getOrDefault(weighing, 0.0), Double::sum);
        }
    }

    public Scenario scenario() {
        return scenario;
    }

    public Rehearsal.Way way() {
        return way;
    }

    public double seconds() {
        return seconds;
    }

    public List<String> models() {
        return models;
    }

    public Tally total() {
        return total;
    }

    /** Of the requests that the model answered, or was asked first of where none did. */
    public Tally ofModel(int model) {
        return byModel[model];
    }

    public int slices() {
        return SLICES;
    }

    /** The same of one of the equal parts of the time. */
    public Tally ofModel(int model, int slice) {
        return bySlice[slice][model];
    }

    public Tally ofSlice(int slice) {
        return bySlice[slice][models.size()];
    }

    /** The mean regret by these weights. */
    double regret(Weighing weighing) {
        return regret.getOrDefault(weighing, 0.0) / Math.max(1, total.requests());
    }

    /** The mean regret of who knows the scenario and asks the best for each request. */
    double bestRegret(Weighing weighing) {
        return best.getOrDefault(weighing, 0.0) / Math.max(1, total.requests());
    }
}

package dev.pillion.sidecar.rehearse;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a rehearsal has shown, summed up as it goes. */
public final class Report {
    private static final int SLICES = 60;

    private final Scenario scenario;
    private final Rehearsal.Way way;
    private final double seconds;
    private final Map<Weighing, Double> regret = new EnumMap<>(Weighing.class);
    private final Map<Weighing, Double> best = new EnumMap<>(Weighing.class);
    private final Tally total = new Tally();
    private final List<String> models;
    private final List<List<Spell>> weather;
    private final Tally[] byModel;
    private final Tally[][] bySlice;

    Report(Scenario scenario, Rehearsal.Way way, List<Actor> actors, double seconds) {
        this.scenario = scenario;
        this.way = way;
        this.models = actors.stream().map(actor -> actor.model().id()).toList();
        this.weather = actors.stream().map(Actor::spells).toList();
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

    /** What befalls that model, in the order in which it was written. */
    public List<Spell> weather(int model) {
        return weather.get(model);
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

    /** The same of some of the equal parts of the time; {@code to} is exclusive. */
    public Tally ofModel(int model, int from, int to) {
        return Tally.sum(
                IntStream.range(from, to).mapToObj(slice -> bySlice[slice][model]).toList());
    }

    /** Of all requests that came in those parts of the time. */
    public Tally ofSlices(int from, int to) {
        return ofModel(models.size(), from, to);
    }

    /** The mean regret by these weights. */
    public double regret(Weighing weighing) {
        return regret.getOrDefault(weighing, 0.0) / Math.max(1, total.requests());
    }

    /** The mean regret of who knows the scenario and asks the best for each request. */
    public double bestRegret(Weighing weighing) {
        return best.getOrDefault(weighing, 0.0) / Math.max(1, total.requests());
    }
}

package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A plan's targets, first choice first. Most are never asked, so that each is made in its turn. One
 * thread at a time.
 */
public final class Targets {
    private final List<Able> models;
    private final int[] modelAt;
    private final int[] keyAt;
    private final Function<Able, List<Snapshot.Key>> drawing;
    private final Map<Integer, List<Snapshot.Key>> drawn = new HashMap<>(4);

    private Targets(
            List<Able> models,
            int[] modelAt,
            int[] keyAt,
            Function<Able, List<Snapshot.Key>> drawing) {
        this.models = models;
        this.modelAt = modelAt;
        this.keyAt = keyAt;
        this.drawing = drawing;
    }

    /**
     * All keys of the first model, then of the next: an explicit model is kept while it can be.
     *
     * @param drawing the order of a model's keys; asked once for each that has several
     */
    static Targets byModel(List<Able> models, Function<Able, List<Snapshot.Key>> drawing) {
        int count = count(models);
        int[] modelAt = new int[count];
        int[] keyAt = new int[count];
        int next = 0;
        for (int model = 0; model < models.size(); model++) {
            for (int key = 0; key < models.get(model).targets(); key++) {
                modelAt[next] = model;
                keyAt[next++] = key;
            }
        }
        return new Targets(models, modelAt, keyAt, drawing);
    }

    /** The first key of each model, then the second of each: a class moves on to other vendors. */
    static Targets byRound(List<Able> models, Function<Able, List<Snapshot.Key>> drawing) {
        int count = count(models);
        int[] modelAt = new int[count];
        int[] keyAt = new int[count];
        int next = 0;
        for (int key = 0; next < count; key++) {
            for (int model = 0; model < models.size(); model++) {
                if (key < models.get(model).targets()) {
                    modelAt[next] = model;
                    keyAt[next++] = key;
                }
            }
        }
        return new Targets(models, modelAt, keyAt, drawing);
    }

    /** The same models by their ids' ranks, the least first; those of one rank as they were. */
    public Targets sorted(ToDoubleFunction<String> rank) {
        List<Able> order = new ArrayList<>(models);
        order.sort(
                Comparator.comparingDouble(able -> rank.applyAsDouble(able.runner().model().id())));
        return byRound(order, drawing);
    }

    private static int count(List<Able> models) {
        int count = 0;
        for (Able each : models) {
            count += each.targets();
        }
        return count;
    }

    public int size() {
        return modelAt.length;
    }

    /** The models that may be asked, each once. */
    public Stream<ModelConfig> models() {
        return models.stream().map(able -> able.runner().model());
    }

    /** The qualified id of a target's model. */
    public String modelId(int index) {
        return models.get(modelAt[index]).runner().model().id();
    }

    /** The context of a target's model; 0: not known. */
    public long contextTokens(int index) {
        return models.get(modelAt[index]).runner().model().traits().contextTokens();
    }

    /** A target, from 0. */
    public Target get(int index) {
        Able able = models.get(modelAt[index]);
        return able.keys().isEmpty()
                ? able.runner().withoutKey()
                : able.runner().under(keys(modelAt[index]).get(keyAt[index]));
    }

    private List<Snapshot.Key> keys(int model) {
        Able able = models.get(model);
        if (able.keys().size() == 1) {
            return able.keys();
        }
        return drawn.computeIfAbsent(model, _ -> drawing.apply(able));
    }
}

package dev.pillion.sidecar.rehearse;

import dev.pillion.protocol.chat.RouteWish.Prefer;
import dev.pillion.sidecar.config.Config;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.ProviderConfig;
import dev.pillion.sidecar.config.RoutingConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a configuration would route one class of requests, scenario by scenario. The same
 * configuration and setting always give the same; nothing is sent and no key is needed.
 */
public final class Simulation {
    private static final double MINUTE_SECONDS = 60;

    private final Config config;
    private final Setting setting;
    private final Cast cast;
    private final Map<String, Pace> paces;

    /**
     * @param paces what somebody knows of models' speed, by qualified id
     * @throws IllegalArgumentException when no provider of the class's models has a key
     */
    public Simulation(Config config, Setting setting, Map<String, Pace> paces) {
        this.config = config;
        this.setting = setting;
        this.paces = Map.copyOf(paces);
        this.cast = new Cast(config, setting.modelClass(), this::tempo, setting.prefer());
    }

    /**
     * What is played.
     *
     * @param ratePerSecond requests a second on the average, greater than 0
     * @param minutes how long they come, greater than 0
     */
    public record Setting(
            ModelClass modelClass,
            Prefer prefer,
            long seed,
            double ratePerSecond,
            double minutes) {}

    /** How long a model takes to its first token, and then for each. */
    public record Pace(double firstMillis, double tokenMillis) {}

    private Tempo tempo(ModelConfig model) {
        ProviderConfig provider =
                Objects.requireNonNull(config.providers().get(model.provider()), model.provider());
        Tempo assumed = Tempos.assumed(model, provider, setting.modelClass());
        Pace pace = paces.get(model.id());
        return pace == null
                ? assumed
                : Tempos.known(assumed, pace.firstMillis(), pace.tokenMillis());
    }

    public Setting setting() {
        return setting;
    }

    /** The qualified ids of those who play, in the configuration's order. */
    public List<String> models() {
        return cast.ids();
    }

    /** The tempo of each, likewise. */
    public List<Tempo> tempos() {
        return cast.tempos();
    }

    /** Whether somebody gave the tempo of that model. */
    public boolean isGiven(String model) {
        return paces.containsKey(model);
    }

    /** The class's models that do not play, since their providers have no key. */
    public List<String> leftOut() {
        List<String> all = new ArrayList<>(route().order());
        all.removeAll(cast.ids());
        return all;
    }

    /** Whether a model costs nothing: then whatever costs anything is regretted beyond measure. */
    public boolean hasFree() {
        return cast.hasFree();
    }

    /** The last day on which the prices are known; the simulation plays about its end. */
    public LocalDate pricesAsOf() {
        return config.pricesAsOf();
    }

    /** The weights that the configuration gives the class; null: its order counts. */
    public RoutingConfig.@Nullable Weights weights() {
        return route().weights();
    }

    private RoutingConfig.ClassRoute route() {
        return Objects.requireNonNull(config.routing().classes().get(setting.modelClass()));
    }

    /** The weights by which what was routed is judged. */
    public Weighing judge() {
        return switch (setting.prefer()) {
            case BALANCED -> Weighing.BALANCED;
            case CHEAPEST -> Weighing.CHEAPEST;
            case FASTEST -> Weighing.FASTEST;
        };
    }

    /** How requests of that wish are routed by the configuration. */
    public Rehearsal.Way own() {
        return switch (setting.prefer()) {
            case BALANCED -> Rehearsal.Way.CONFIGURED;
            case CHEAPEST -> Rehearsal.Way.CHEAPEST_FIRST;
            case FASTEST -> Rehearsal.Way.FASTEST_FIRST;
        };
    }

    /** The same scenario by that way of routing: crowd, weather and dice are the same for all. */
    public Report play(Scenario scenario, Rehearsal.Way way) {
        return new Rehearsal(
                        cast,
                        setting.seed(),
                        setting.ratePerSecond(),
                        setting.minutes() * MINUTE_SECONDS,
                        config.pricesAsOf().plusDays(1))
                .play(scenario, way);
    }
}

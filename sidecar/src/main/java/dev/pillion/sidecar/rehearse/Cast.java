package dev.pillion.sidecar.rehearse;

import dev.pillion.protocol.chat.RouteWish.Prefer;
import dev.pillion.sidecar.config.Config;
import dev.pillion.sidecar.config.KeyConfig;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Price;
import dev.pillion.sidecar.config.Prices;
import dev.pillion.sidecar.config.ProviderConfig;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.config.Secret;
import dev.pillion.sidecar.config.SecretRef;
import dev.pillion.sidecar.config.SecretSource;
import dev.pillion.sidecar.config.Snapshot;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who plays in a rehearsal: the models of one class of a configuration that can be reached, each
 * with its tempo. Keys are stand-ins, so that none need be at hand.
 */
public final class Cast {
    private static final long TYPICAL_TOKENS = 1_500;
    private static final long TYPICAL_OUTPUT_TOKENS = 300;
    private static final double UNKNOWN_USD = 1;
    private static final double UP = 6;
    private static final double DOWN = 1 / 3.0;

    private final Config config;
    private final ModelClass modelClass;
    private final List<ModelConfig> models;
    private final List<Tempo> tempos;
    private final List<Integer> leads;
    private final int cheapest;
    private final int dearest;

    /**
     * @param tempos by qualified id; {@code fallback} for those not in it
     * @throws IllegalArgumentException when the class has no model that can be reached
     */
    public Cast(Config config, ModelClass modelClass, Map<String, Tempo> tempos, Tempo fallback) {
        this(config, modelClass, model -> tempos.getOrDefault(model.id(), fallback), null);
    }

    /**
     * @param asked how requests want to be routed: what befalls models befalls the one that is
     *     asked first then when all is well, and then the others; null: the best by each weighing
     * @throws IllegalArgumentException when the class has no model that can be reached
     */
    Cast(
            Config config,
            ModelClass modelClass,
            Function<ModelConfig, Tempo> tempos,
            @Nullable Prefer asked) {
        this.config = withStandIns(config);
        this.modelClass = modelClass;
        this.models = activate(this.config, Instant.EPOCH).models(modelClass);
        if (models.isEmpty()) {
            throw new IllegalArgumentException(
                    "class " + modelClass.wire() + " has no model whose provider has a key");
        }
        this.tempos = models.stream().map(tempos).toList();
        Worth worth = worth();
        this.leads = asked == null ? worth.leads() : worth.leadsAfter(lead(worth, asked));
        this.cheapest = worth.least();
        this.dearest = worth.most();
    }

    ModelClass modelClass() {
        return modelClass;
    }

    /** The qualified ids, in the configuration's order. */
    public List<String> ids() {
        return models.stream().map(ModelConfig::id).toList();
    }

    /** The tempo of each, likewise. */
    List<Tempo> tempos() {
        return tempos;
    }

    boolean hasFree() {
        return models.stream().anyMatch(model -> model.prices() instanceof Prices.Free);
    }

    /** Whom Pillion asks first when all is well. */
    private int lead(Worth worth, Prefer asked) {
        RoutingConfig.Weights weights =
                Objects.requireNonNull(config.routing().classes().get(modelClass)).weights();
        return switch (asked) {
            case CHEAPEST -> worth.best(Weighing.CHEAPEST);
            case FASTEST -> worth.best(Weighing.FASTEST);
            case BALANCED ->
                    weights == null
                            ? 0
                            : worth.best(
                                    weights.cost().doubleValue(), weights.latency().doubleValue());
        };
    }

    /**
     * What each model is worth when all is well, for a usual request.
     *
     * @param usd of each; what is not known is taken for dear
     * @param firstNanos of each
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Worth(double[] usd, double[] firstNanos) {
        /** The cheapest of those that cost anything. */
        int least() {
            return all().filter(i -> usd[i] > Oracle.LEAST_USD)
                    .min(Comparator.comparingDouble(i -> usd[i]))
                    .orElse(0);
        }

        int most() {
            return all().max(Comparator.comparingDouble(i -> usd[i])).orElse(0);
        }

        private Stream<Integer> all() {
            return IntStream.range(0, usd.length).boxed();
        }

        int best(Weighing weighing) {
            return best(weighing.cost(), weighing.latency());
        }

        int best(double cost, double latency) {
            return byRegret(cost, latency).findFirst().orElse(0);
        }

        /** The best one by each weighing; where two would be the same, the next best. */
        List<Integer> leads() {
            List<Integer> leads = new ArrayList<>();
            for (Weighing weighing : Weighing.values()) {
                byRegret(weighing.cost(), weighing.latency())
                        .filter(i -> !leads.contains(i))
                        .findFirst()
                        .ifPresent(leads::add);
            }
            return leads;
        }

        /** The given one, then the best by each weighing, then the next best: as many. */
        List<Integer> leadsAfter(int first) {
            Stream<Integer> best = Arrays.stream(Weighing.values()).map(this::best);
            Stream<Integer> next = byRegret(1, 1);
            return Stream.of(Stream.of(first), best, next)
                    .flatMap(some -> some)
                    .distinct()
                    .limit(Weighing.values().length)
                    .toList();
        }

        private Stream<Integer> byRegret(double cost, double latency) {
            double cheapest = Arrays.stream(usd).min().orElse(1);
            double fastest = Arrays.stream(firstNanos).min().orElse(1);
            return all().sorted(
                            Comparator.comparingDouble(i ->
                                    cost * (usd[i] / cheapest - 1)
                                            + latency * (firstNanos[i] / fastest - 1)));
        }
    }

    private Worth worth() {
        List<Actor> actors = actors(models);
        double[] usd = new double[actors.size()];
        double[] first = new double[actors.size()];
        Instant today = config.pricesAsOf().atStartOfDay(ZoneOffset.UTC).toInstant();
        for (int i = 0; i < usd.length; i++) {
            Actor actor = actors.get(i);
            double price = actor.usd(TYPICAL_TOKENS, 0, TYPICAL_OUTPUT_TOKENS, today);
            usd[i] = Double.isNaN(price) ? UNKNOWN_USD : Math.max(Oracle.LEAST_USD, price);
            first[i] = actor.firstNanos(TYPICAL_TOKENS, 0);
        }
        return new Worth(usd, first);
    }

    private List<Actor> actors(List<ModelConfig> all) {
        List<Actor> actors = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            ModelConfig model = all.get(i);
            ProviderConfig provider =
                    Objects.requireNonNull(config.providers().get(model.provider()));
            actors.add(new Actor(i, model, provider.speaks().wire(), tempos.get(i)));
        }
        return actors;
    }

    /**
     * The configuration in force in that scenario.
     *
     * @param changes the day on which prices change
     * @param weights how the class is weighed; null: as the configuration says
     */
    Snapshot snapshot(
            Scenario scenario, LocalDate changes, RoutingConfig.@Nullable Weights weights) {
        Map<String, ModelConfig> all = new LinkedHashMap<>(config.models());
        if (scenario == Scenario.PRICE_CHANGE) {
            ModelConfig up = models.get(cheapest);
            ModelConfig down = models.get(dearest);
            all.put(down.id(), dearer(down, DOWN, changes));
            all.put(up.id(), dearer(up, UP, changes));
        }
        var changed =
                new Config(
                        config.version(),
                        config.providers(),
                        all,
                        config.aliases(),
                        config.callers(),
                        weighed(config.routing(), weights),
                        config.inject(),
                        config.assumedSearches(),
                        config.assumedSearchTokens(),
                        config.pricesAsOf());
        return activate(changed, changes.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** Fresh actors with the scenario's weather. */
    List<Actor> actors(Snapshot snapshot, Scenario scenario, double rate, double seconds) {
        List<Actor> actors = actors(snapshot.models(modelClass));
        scenario.write(leads.stream().map(actors::get).toList(), rate, seconds);
        if (scenario == Scenario.PRICE_CHANGE) {
            tellPrice(actors.get(cheapest), UP, seconds);
            if (dearest != cheapest) {
                tellPrice(actors.get(dearest), DOWN, seconds);
            }
        }
        return actors;
    }

    /** What is free stays so. */
    private void tellPrice(Actor actor, double times, double seconds) {
        if (!actor.model().prices().equals(models.get(actor.index()).prices())) {
            actor.expect(new Spell(Spell.Kind.PRICE, seconds / 2, seconds, times));
        }
    }

    private RoutingConfig weighed(RoutingConfig routing, RoutingConfig.@Nullable Weights weights) {
        if (weights == null) {
            return routing;
        }
        var classes = new EnumMap<ModelClass, RoutingConfig.ClassRoute>(routing.classes());
        List<String> order = Objects.requireNonNull(classes.get(modelClass)).order();
        classes.put(modelClass, new RoutingConfig.ClassRoute(order, weights));
        return new RoutingConfig(
                classes,
                routing.failover(),
                routing.breaker(),
                routing.unknownModels(),
                routing.explicitModels());
    }

    private static Snapshot activate(Config config, Instant now) {
        Snapshot.Activation activation = Snapshot.activate(config, new SecretSource(Map.of()), now);
        Snapshot snapshot = activation.snapshot();
        if (snapshot == null) {
            throw new IllegalStateException(activation.problems().toString());
        }
        return snapshot;
    }

    private static Config withStandIns(Config config) {
        Map<String, ProviderConfig> providers = new LinkedHashMap<>();
        config.providers().forEach((name, each) -> providers.put(name, withStandIn(each)));
        return new Config(
                config.version(),
                providers,
                config.models(),
                config.aliases(),
                config.callers(),
                config.routing(),
                config.inject(),
                config.assumedSearches(),
                config.assumedSearchTokens(),
                config.pricesAsOf());
    }

    /** One key is enough: limits are the models' here. */
    private static ProviderConfig withStandIn(ProviderConfig provider) {
        List<KeyConfig> keys =
                provider.keys().stream()
                        .filter(key -> key.state() != KeyConfig.State.REVOKED)
                        .findFirst()
                        .map(key -> List.of(standIn(key)))
                        .orElse(provider.keys());
        return new ProviderConfig(
                provider.name(),
                provider.speaks(),
                provider.baseUrl(),
                keys,
                provider.limits(),
                provider.timeouts());
    }

    private static KeyConfig standIn(KeyConfig key) {
        return new KeyConfig(
                key.id(),
                new SecretRef.Inline(new Secret("stand-in")),
                key.account(),
                key.weight(),
                null,
                null,
                KeyConfig.State.ACTIVE);
    }

    private static ModelConfig dearer(ModelConfig model, double times, LocalDate from) {
        if (!(model.prices() instanceof Prices.Dated dated)) {
            return model;
        }
        List<Price> prices = new ArrayList<>(dated.prices());
        prices.removeIf(price -> price.from() != null && !price.from().isBefore(from));
        if (prices.isEmpty()) {
            return model;
        }
        Price last = prices.getLast();
        var by = new BigDecimal(times);
        List<Price.Tier> tiers =
                last.standard().tiers().stream()
                        .map(t -> new Price.Tier(t.aboveInputTokens(), times(t.rates(), by)))
                        .toList();
        var band = new Price.Band(times(last.standard().rates(), by), tiers);
        prices.add(new Price(from, band, Map.of(), last.fees(), last.places()));
        return new ModelConfig(
                model.id(),
                model.provider(),
                model.vendorId(),
                model.also(),
                model.modelClass(),
                model.traits(),
                new Prices.Dated(prices),
                model.fallbacks());
    }

    private static Price.Rates times(Price.Rates rates, BigDecimal by) {
        return new Price.Rates(
                rates.input().multiply(by, MathContext.DECIMAL64),
                rates.output().multiply(by, MathContext.DECIMAL64),
                rates.cachedInput().multiply(by, MathContext.DECIMAL64),
                rates.cacheWrite5m().multiply(by, MathContext.DECIMAL64),
                rates.cacheWrite1h().multiply(by, MathContext.DECIMAL64));
    }
}

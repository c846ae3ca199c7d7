package dev.pillion.sidecar.config;

import dev.pillion.adapters.Capability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration in force: keys at hand, every name resolvable. Immutable; a request sees one
 * snapshot from start to end.
 */
public final class Snapshot {
    private static final int NEAREST_SHOWN = 3;

    private final Config config;
    private final Map<String, Upstream> upstreams;
    private final ModelIndex index;
    private final Map<ModelClass, List<ModelConfig>> classes;
    private final Set<String> apart;

    private Snapshot(Config config, Map<String, Upstream> upstreams) {
        this.config = config;
        this.upstreams = Config.ordered(upstreams);
        this.apart = Set.copyOf(apart(upstreams.values()));
        this.index = new ModelIndex(config.models().values());
        this.classes = new EnumMap<>(ModelClass.class);
        for (ModelClass each : ModelClass.values()) {
            classes.put(each, servable(route(config, each).order()));
        }
    }

    /**
     * What came of an activation.
     *
     * @param snapshot null when there is any problem
     */
    public record Activation(@Nullable Snapshot snapshot, List<Problem> problems) {}

    /** A vendor key with its secret at hand. */
    public record Key(KeyConfig config, Secret secret) {
        public String id() {
            return config.id();
        }

        public String account() {
            return config.account();
        }
    }

    /**
     * A provider that can be called.
     *
     * @param keys in the document's order, revoked ones left out; empty: calls carry no key
     */
    public record Upstream(ProviderConfig provider, List<Key> keys) {
        public Upstream {
            keys = List.copyOf(keys);
        }

        /** The keys to use at that moment: the active ones, or else the draining ones. */
        public List<Key> keysAt(Instant now) {
            if (allActive(now)) {
                return keys;
            }
            List<Key> usable = keys.stream().filter(k -> k.config().usableAt(now)).toList();
            List<Key> active =
                    usable.stream()
                            .filter(k -> k.config().state() == KeyConfig.State.ACTIVE)
                            .toList();
            return active.isEmpty() ? usable : active;
        }

        private boolean allActive(Instant now) {
            for (Key key : keys) {
                KeyConfig it = key.config();
                if (it.state() != KeyConfig.State.ACTIVE || !it.usableAt(now)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Puts a configuration into force: finds every secret. Reads files, so never on an event loop.
     *
     * @param now keys that have ended by then need no secret any more
     */
    public static Activation activate(Config config, SecretSource secrets, Instant now) {
        var problems = new ArrayList<Problem>();
        var upstreams = new LinkedHashMap<String, Upstream>();
        for (ProviderConfig provider : config.providers().values()) {
            List<Key> keys = keys(provider, secrets, now, problems);
            if (!keys.isEmpty() || provider.needsNoKey()) {
                upstreams.put(provider.name(), new Upstream(provider, keys));
            }
        }
        return problems.isEmpty()
                ? new Activation(new Snapshot(config, upstreams), List.of())
                : new Activation(null, List.copyOf(problems));
    }

    private static List<Key> keys(
            ProviderConfig provider, SecretSource secrets, Instant now, List<Problem> problems) {
        var all = new ArrayList<Key>();
        for (int i = 0; i < provider.keys().size(); i++) {
            KeyConfig key = provider.keys().get(i);
            Instant end = key.notAfter();
            if (key.state() == KeyConfig.State.REVOKED || (end != null && !now.isBefore(end))) {
                continue;
            }
            try {
                all.add(new Key(key, secrets.resolve(key.value())));
            } catch (SecretSource.Missing e) {
                String path = "providers." + provider.name() + ".keys[" + i + "].value";
                problems.add(Problem.plain(path, String.valueOf(e.getMessage()), 0));
            }
        }
        return all;
    }

    private static RoutingConfig.ClassRoute route(Config config, ModelClass modelClass) {
        return Objects.requireNonNull(config.routing().classes().get(modelClass));
    }

    /** The prices of a provider's model, by any of its names; null: it is not known. */
    public @Nullable Prices pricesOf(String provider, String model) {
        ModelConfig found = index.find(provider + "/" + model);
        return found == null ? null : found.prices();
    }

    public Config config() {
        return config;
    }

    /** The providers that can be called, by name. */
    public Map<String, Upstream> upstreams() {
        return upstreams;
    }

    private static Set<String> apart(Collection<Upstream> all) {
        Set<String> apart = new HashSet<>();
        for (Upstream each : all) {
            boolean accounts = each.keys().stream().map(Key::account).distinct().count() > 1;
            boolean others =
                    all.stream()
                            .filter(o -> o.provider().speaks() == each.provider().speaks())
                            .skip(1)
                            .findAny()
                            .isPresent();
            if (accounts || others) {
                apart.add(each.provider().name());
            }
        }
        return apart;
    }

    /**
     * Whether what the provider stores may lie in one of several places: it has several accounts,
     * or another provider speaks its format.
     */
    public boolean storesApart(String provider) {
        return apart.contains(provider);
    }

    /** The configured providers whose names are nearest to one that is none. */
    public List<String> nearestProviders(String name) {
        return Nearest.among(name, config.providers().keySet(), NEAREST_SHOWN);
    }

    /**
     * A provider's model by the vendor's id; where the catalog has none, or nothing is named, one
     * whose price nobody knows.
     */
    public ModelConfig modelAt(ProviderConfig provider, @Nullable String vendorId) {
        String id = vendorId == null || !ModelIds.valid(vendorId) ? "" : vendorId;
        return !id.isEmpty() && resolve(provider.name() + "/" + id) instanceof Resolved.Named named
                ? named.model()
                : Unlisted.model(provider.name(), id);
    }

    /** The provider of a model; null when it has no key. */
    public @Nullable Upstream upstreamOf(ModelConfig model) {
        return upstreams.get(model.provider());
    }

    /** The models of a class whose providers can be called, first choice first. */
    public List<ModelConfig> models(ModelClass modelClass) {
        return Objects.requireNonNull(classes.get(modelClass));
    }

    /** Who stands in for a model that a caller named: its fallbacks, those that can be called. */
    public List<ModelConfig> fallbacksOf(ModelConfig model) {
        return servable(model.fallbacks());
    }

    /**
     * The other models of a model's class, where the configuration lets them stand in for a model
     * that a caller named; else none.
     */
    public List<ModelConfig> peersOf(ModelConfig model) {
        ModelClass modelClass = model.modelClass();
        if (modelClass == null
                || config.routing().explicitModels() != RoutingConfig.ExplicitModels.CLASS) {
            return List.of();
        }
        return models(modelClass).stream().filter(m -> !m.id().equals(model.id())).toList();
    }

    private List<ModelConfig> servable(List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return ids.stream()
                .map(id -> Objects.requireNonNull(config.models().get(id), id))
                .filter(model -> upstreams.containsKey(model.provider()))
                .toList();
    }

    /** What a name means, with nothing known of the surface that it came by. */
    public Resolved resolve(String name) {
        return resolve(name, null);
    }

    /**
     * What a name in a request means: an alias, {@code class:NAME}, a model by any of its ids, or
     * an id that nobody knows.
     *
     * @param surfaceProvider the vendor whose surface was spoken; null: none
     */
    public Resolved resolve(String name, @Nullable String surfaceProvider) {
        if (name.startsWith("class:")) {
            ModelClass named = ModelClass.of(name.substring("class:".length()));
            return named == null ? unknown(name) : new Resolved.OfClass(named, models(named));
        }
        AliasConfig alias = config.aliases().get(name);
        if (alias != null) {
            return house(name, alias);
        }
        ModelConfig model = index.find(name);
        return model == null ? unlisted(name, surfaceProvider) : new Resolved.Named(model);
    }

    private Resolved house(String name, AliasConfig alias) {
        return switch (alias) {
            case AliasConfig.Models some ->
                    new Resolved.Alias(name, null, Set.of(), servable(some.ids()));
            case AliasConfig.OfClass(ModelClass named, Set<Capability> needs) ->
                    new Resolved.Alias(name, named, needs, models(named));
        };
    }

    private Resolved unlisted(String name, @Nullable String surfaceProvider) {
        if (config.routing().unknownModels() != RoutingConfig.UnknownModels.ALLOW
                || !ModelIds.valid(name)) {
            return unknown(name);
        }
        String prefix = ModelIds.provider(name);
        if (upstreams.containsKey(prefix)) {
            return new Resolved.Unlisted(Unlisted.model(prefix, ModelIds.vendorId(name)));
        }
        String told = Unlisted.providerByName(name);
        String provider = told == null ? surfaceProvider : told;
        return provider == null || !upstreams.containsKey(provider)
                ? unknown(name)
                : new Resolved.Unlisted(Unlisted.model(provider, name));
    }

    private Resolved unknown(String name) {
        if (name.startsWith("class:")) {
            List<String> names =
                    Cursor.words(ModelClass.class).stream().map(word -> "class:" + word).toList();
            return new Resolved.Unknown(Nearest.among(name, names, NEAREST_SHOWN));
        }
        var candidates = new LinkedHashSet<>(index.nearest(name, NEAREST_SHOWN));
        candidates.addAll(config.aliases().keySet());
        return new Resolved.Unknown(Nearest.among(name, candidates, NEAREST_SHOWN));
    }
}

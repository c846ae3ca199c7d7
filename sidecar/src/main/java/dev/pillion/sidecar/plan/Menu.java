package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.ListedModel;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.sidecar.config.CallerConfig;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Resolved;
import dev.pillion.sidecar.config.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names that one caller may put into a request, as things stand. */
public final class Menu {
    private static final String HOUSE = "pillion";

    private final Snapshot snapshot;
    private final CallerConfig.@Nullable Allow allow;
    private final Instant now;

    /**
     * The menu of a caller.
     *
     * @param allow what it may use; null: everything
     */
    public Menu(Snapshot snapshot, CallerConfig.@Nullable Allow allow, Instant now) {
        this.snapshot = snapshot;
        this.allow = allow;
        this.now = now;
    }

    /** Models by their shortest name, then aliases, then classes. */
    public List<ListedModel> all() {
        List<ModelConfig> models = usable(snapshot.config().models().values());
        Map<String, Long> namesakes =
                models.stream()
                        .collect(
                                Collectors.groupingBy(
                                        ModelConfig::vendorId, Collectors.counting()));
        List<ListedModel> all = new ArrayList<>();
        for (ModelConfig model : models) {
            boolean alone = Objects.equals(namesakes.get(model.vendorId()), 1L);
            String name = alone && means(model.vendorId(), model) ? model.vendorId() : model.id();
            all.add(listed(name, model.provider(), List.of(model)));
        }
        for (String alias : snapshot.config().aliases().keySet()) {
            addHouseName(alias, all);
        }
        for (ModelClass each : ModelClass.values()) {
            addHouseName("class:" + each.wire(), all);
        }
        return all;
    }

    private boolean means(String name, ModelConfig model) {
        return snapshot.resolve(name) instanceof Resolved.Named named
                && named.model().id().equals(model.id());
    }

    private void addHouseName(String name, List<ListedModel> all) {
        List<ModelConfig> models = meant(name, snapshot.resolve(name));
        if (!models.isEmpty()) {
            all.add(listed(name, HOUSE, models));
        }
    }

    /**
     * What any name means, those that the list leaves out included.
     *
     * @param surfaceProvider the vendor whose surface was spoken, for ids that nobody knows
     * @throws FaultException {@code not_found}, with the nearest names that are known
     */
    public ListedModel find(String name, @Nullable String surfaceProvider) {
        Resolved resolved = snapshot.resolve(name, surfaceProvider);
        List<ModelConfig> models = meant(name, resolved);
        if (models.isEmpty()) {
            throw Fault.caller(
                            FaultKind.NOT_FOUND,
                            "model '" + name + "' is known, but not to be had by this caller here",
                            null)
                    .asException();
        }
        boolean one = resolved instanceof Resolved.Named || resolved instanceof Resolved.Unlisted;
        return listed(name, one ? models.getFirst().provider() : HOUSE, models);
    }

    private List<ModelConfig> meant(String name, Resolved resolved) {
        return switch (resolved) {
            case Resolved.Named named -> usable(List.of(named.model()));
            case Resolved.Unlisted unlisted -> usable(List.of(unlisted.model()));
            case Resolved.Alias alias ->
                    allowed(alias.modelClass()) ? usable(alias.models()) : List.of();
            case Resolved.OfClass of -> allowed(of.modelClass()) ? usable(of.models()) : List.of();
            case Resolved.Unknown unknown ->
                    throw Candidates.unknown(name, unknown.nearest()).asException();
        };
    }

    private List<ModelConfig> usable(Iterable<ModelConfig> models) {
        List<ModelConfig> usable = new ArrayList<>();
        for (ModelConfig model : models) {
            Snapshot.Upstream upstream = snapshot.upstreamOf(model);
            if (upstream != null
                    && allowedModel(model)
                    && allowedProvider(model.provider())
                    && format(model) != null
                    && (upstream.provider().needsNoKey() || !upstream.keysAt(now).isEmpty())) {
                usable.add(model);
            }
        }
        return usable;
    }

    private boolean allowed(@Nullable ModelClass modelClass) {
        Set<ModelClass> classes = allow == null ? null : allow.classes();
        return classes == null || modelClass == null || classes.contains(modelClass);
    }

    /** As the planner decides: what answers must be of a class that is allowed. */
    private boolean allowedModel(ModelConfig model) {
        Set<ModelClass> classes = allow == null ? null : allow.classes();
        return classes == null
                || (model.modelClass() == null
                        ? !model.traits().chats()
                        : classes.contains(model.modelClass()));
    }

    private boolean allowedProvider(String provider) {
        Set<String> providers = allow == null ? null : allow.providers();
        return providers == null || providers.contains(provider);
    }

    private @Nullable Provider format(ModelConfig model) {
        Snapshot.Upstream upstream = snapshot.upstreamOf(model);
        return upstream == null ? null : Providers.speaking(upstream.provider().speaks().wire());
    }

    private ListedModel listed(String name, String owner, List<ModelConfig> models) {
        boolean counts =
                models.stream()
                        .anyMatch(model -> {
                            Provider format = format(model);
                            return format != null
                                    && model.traits().chats()
                                    && format.counter(model.provider()) != null;
                        });
        return new ListedModel(name, owner, together(name, models), counts);
    }

    /** What one of them can, since it is the one that is chosen; within everybody's limits. */
    private static ModelTraits together(String name, List<ModelConfig> models) {
        Set<Capability> can = EnumSet.noneOf(Capability.class);
        Set<Effort> efforts = EnumSet.noneOf(Effort.class);
        ModelTraits.Thinking thinking = null;
        long context = 0;
        int output = 0;
        for (ModelConfig model : models) {
            ModelTraits traits = model.traits();
            can.addAll(traits.can());
            efforts.addAll(traits.efforts());
            thinking = thinking == null ? traits.thinking() : thinking;
            context = lesser(context, traits.contextTokens());
            output = (int) lesser(output, traits.maxOutputTokens());
        }
        return new ModelTraits(
                name, can, Set.of(), context, output, List.copyOf(efforts), thinking);
    }

    /** 0 is not known. */
    private static long lesser(long a, long b) {
        return a == 0 || b == 0 ? Math.max(a, b) : Math.min(a, b);
    }
}

package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Stored;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.ProviderConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.upstream.Endpoint;
import java.math.BigDecimal;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Finds who can answer: hard filters first, then the order that the configuration gives. */
public final class Planner {
    private static final String NO_KEY = "no usable key";
    private static final String NO_KEY_THERE = "no usable key of the account ";
    private static final String REFUSES = "refuses ";
    private static final String UNKNOWN_COST = "x-pillion-max-cost-usd";
    private static final String FORBIDDEN = "the caller may not use ";

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Homes homes;
    private final TokenEstimator estimator;

    public Planner(
            InstantSource clock, RandomGenerator random, Homes homes, TokenEstimator estimator) {
        this.estimator = estimator;
        this.clock = clock;
        this.random = random;
        this.homes = homes;
    }

    /**
     * The plan for one request.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code not_found} for a model nobody knows,
     *     {@code unsupported} when no candidate can do what is asked or has what is named, {@code
     *     permission} when the caller may use none of them
     */
    public Plan plan(Snapshot snapshot, Ask ask) {
        return ask.task() == Task.RAW ? raw(snapshot, ask) : choose(snapshot, ask);
    }

    /** The one provider, under the keys of the account that has what is named, or of its home. */
    private Plan raw(Snapshot snapshot, Ask ask) {
        ProviderConfig provider = snapshot.config().providers().get(ask.only().getFirst());
        Provider format = provider == null ? null : Providers.speaking(provider.speaks().wire());
        if (provider == null || format == null) {
            throw unavailable("no such provider").asException();
        }
        String forbidden = whyForbidden(provider, ask);
        if (forbidden != null) {
            throw Fault.caller(FaultKind.PERMISSION, FORBIDDEN + forbidden, null).asException();
        }
        if (ask.ceiling() != null) {
            String message = UNKNOWN_COST + ": nobody knows beforehand what a raw call costs";
            throw Fault.unsupported(message, UNKNOWN_COST).asException();
        }
        ModelConfig model = snapshot.modelAt(provider, ask.model());
        Snapshot.Upstream upstream = snapshot.upstreams().get(provider.name());
        List<Snapshot.Key> keys =
                upstream == null
                        ? List.of()
                        : homes.keys(upstream, named(snapshot, ask), clock.instant(), random);
        List<Target> targets = targets(provider, format, model, provider.baseUrl(), keys);
        if (targets.isEmpty()) {
            throw unavailable(provider.name() + ": " + NO_KEY).asException();
        }
        return new Plan(
                targets, List.of(), null, "the path names " + provider.name(), null, snapshot);
    }

    /** The ids of what may be stored, where that may be in more than one place. */
    private static List<String> named(Snapshot snapshot, Ask ask) {
        return snapshot.storesApart(ask.only().getFirst())
                ? ask.stored().get().stream().map(Stored::id).toList()
                : List.of();
    }

    private static @Nullable String whyForbidden(ProviderConfig provider, Ask ask) {
        Set<String> providers = ask.allowedProviders();
        if (providers != null && !providers.contains(provider.name())) {
            return "provider " + provider.name();
        }
        return ask.allowedClasses() == null
                ? null
                : "raw paths, since it is bound to classes of models";
    }

    private Plan choose(Snapshot snapshot, Ask ask) {
        Candidates candidates = Candidates.of(snapshot, ask);
        Bond bond = Bond.of(snapshot, homes, ask, candidates.models());
        List<Plan.Removed> removed = new ArrayList<>();
        List<List<Target>> perModel = new ArrayList<>();
        Map<String, BigDecimal> mostUsd = new HashMap<>();
        for (ModelConfig model : candidates.models()) {
            if (ask.task() == Task.COUNT && !perModel.isEmpty()) {
                break; // another model counts differently
            }
            String reason = bond.whyNot(model);
            if (reason == null) {
                reason = whyNot(snapshot, ask, candidates, model, mostUsd);
            }
            List<Target> targets = reason == null ? targets(snapshot, ask, bond, model) : List.of();
            if (reason == null && targets.isEmpty()) {
                reason = bond.account() == null ? NO_KEY : NO_KEY_THERE + bond.account();
            }
            if (reason == null) {
                perModel.add(targets);
            } else {
                removed.add(new Plan.Removed(model.id(), reason));
            }
        }
        boolean bound = bond.needed() != null;
        if (perModel.isEmpty() && ask.lossy() && (bound || !ask.refusable().isEmpty())) {
            return choose(snapshot, ask.withLosses());
        }
        if (perModel.isEmpty()) {
            throw nobody(candidates, bond, removed).asException();
        }
        List<Target> order = candidates.explicit() ? byModel(perModel) : byRound(perModel);
        return new Plan(
                List.copyOf(order),
                List.copyOf(removed),
                candidates.modelClass(),
                candidates.why(order.getFirst(), removed),
                ask.ceiling() == null
                        ? null
                        : new Allowance(ask.ceiling().maxUsd(), mostUsd, clock.instant()),
                snapshot);
    }

    /** The first hard filter that takes the model out; null: none does. */
    private @Nullable String whyNot(
            Snapshot snapshot,
            Ask ask,
            Candidates candidates,
            ModelConfig model,
            Map<String, BigDecimal> mostUsd) {
        if (!ask.only().isEmpty() && !named(ask.only(), model)) {
            return "not among route.only";
        }
        if (named(ask.not(), model)) {
            return "excluded by route.not";
        }
        if (ask.allowedProviders() != null && !ask.allowedProviders().contains(model.provider())) {
            return FORBIDDEN + "provider " + model.provider();
        }
        if (ask.allowedClasses() != null && !inClassOf(ask.allowedClasses(), model)) {
            ModelClass modelClass = model.modelClass();
            return FORBIDDEN + (modelClass == null ? model.id() : "class " + modelClass.wire());
        }
        Snapshot.Upstream upstream = snapshot.upstreamOf(model);
        if (upstream == null) {
            return NO_KEY;
        }
        Provider format = format(upstream);
        if (format == null) {
            return "this release has no adapter for " + upstream.provider().speaks().wire();
        }
        String unable = whyUnable(ask, candidates, model, format);
        return unable != null || ask.ceiling() == null
                ? unable
                : whyOver(snapshot, ask, ask.ceiling(), model, format, mostUsd);
    }

    private @Nullable String whyOver(
            Snapshot snapshot,
            Ask ask,
            Ask.Ceiling ceiling,
            ModelConfig model,
            Provider format,
            Map<String, BigDecimal> mostUsd) {
        var whom = new UpperBound.Of(model, format, ask.lossy());
        UpperBound bound =
                UpperBound.of(ceiling, whom, snapshot.config(), estimator, clock.instant());
        if (bound.usd() != null) {
            mostUsd.put(model.id(), bound.usd());
        }
        return bound.whyOver(ceiling.maxUsd());
    }

    /**
     * What makes embeddings is in no class; of what answers, only the classes named may be used.
     */
    private static boolean inClassOf(Set<String> classes, ModelConfig model) {
        ModelClass modelClass = model.modelClass();
        return modelClass == null ? !model.traits().chats() : classes.contains(modelClass.wire());
    }

    private static @Nullable String whyUnable(
            Ask ask, Candidates candidates, ModelConfig model, Provider format) {
        String unfit = whyUnfit(ask.task(), model, format);
        if (unfit != null) {
            return unfit;
        }
        for (Need need : ask.needs()) {
            Capability capability = Capability.valueOf(need.name());
            if (!format.carries().contains(capability) || !model.traits().can(capability)) {
                return "can't do " + need.wire();
            }
        }
        for (Capability capability : candidates.needs()) {
            if (!format.carries().contains(capability) || !model.traits().can(capability)) {
                return "can't do " + capability.wire();
            }
        }
        for (Refusal refusal : ask.refusable()) {
            // The adapter knows which of its vendor's APIs is left, and refuses where none is.
            if (!refusal.ofOneApi() && model.traits().refuses(refusal)) {
                return REFUSES + refusal.wire();
            }
        }
        return null;
    }

    private static @Nullable String whyUnfit(Task task, ModelConfig model, Provider format) {
        return switch (task) {
            case RAW -> null;
            case ANSWER -> model.traits().chats() ? null : "makes embeddings, and no answers";
            case EMBED -> {
                boolean embeds = model.traits().can(Capability.EMBEDDINGS);
                yield embeds && format.embedder() != null ? null : "can't do embeddings";
            }
            case COUNT ->
                    format.counter(model.provider()) == null
                            ? "its provider counts no tokens"
                            : null;
        };
    }

    private static boolean named(List<String> names, ModelConfig model) {
        return names.contains(model.provider())
                || names.contains(model.id())
                || names.contains(model.vendorId());
    }

    private static @Nullable Provider format(Snapshot.Upstream upstream) {
        return Providers.speaking(upstream.provider().speaks().wire());
    }

    private List<Target> targets(Snapshot snapshot, Ask ask, Bond bond, ModelConfig model) {
        Snapshot.Upstream upstream = snapshot.upstreamOf(model);
        Provider format = upstream == null ? null : format(upstream);
        if (upstream == null || format == null) {
            return List.of();
        }
        ProviderConfig provider = upstream.provider();
        List<Snapshot.Key> usable = bond.keys(upstream, clock.instant());
        Set<String> first = bond.accounts(ask.accounts());
        List<Snapshot.Key> keys = Keys.inOrder(usable, provider.name(), first, random);
        return targets(provider, format, model, provider.apiBase(), keys);
    }

    private List<Target> targets(
            ProviderConfig provider,
            Provider format,
            ModelConfig model,
            URI base,
            List<Snapshot.Key> keys) {
        var endpoint = new Endpoint(provider.name(), base, provider.timeouts().connect());
        if (provider.needsNoKey()) {
            return List.of(new Target(format, model, null, endpoint, provider.timeouts()));
        }
        List<Target> targets = new ArrayList<>(keys.size());
        for (Snapshot.Key key : keys) {
            targets.add(new Target(format, model, key, endpoint, provider.timeouts()));
        }
        return targets;
    }

    /** All keys of the first model, then of the next: an explicit model is kept while it can be. */
    private static List<Target> byModel(List<List<Target>> perModel) {
        return perModel.size() == 1
                ? perModel.getFirst()
                : perModel.stream().flatMap(List::stream).toList();
    }

    /** The first key of each model, then the second of each: a class moves on to other vendors. */
    private static List<Target> byRound(List<List<Target>> perModel) {
        List<Target> order = new ArrayList<>();
        int rounds = perModel.stream().mapToInt(List::size).max().orElse(0);
        for (int round = 0; round < rounds; round++) {
            for (List<Target> targets : perModel) {
                if (round < targets.size()) {
                    order.add(targets.get(round));
                }
            }
        }
        return order;
    }

    private static Fault nobody(Candidates candidates, Bond bond, List<Plan.Removed> removed) {
        boolean forbidden =
                !removed.isEmpty()
                        && removed.stream().allMatch(r -> r.reason().startsWith(FORBIDDEN));
        String list = removed.isEmpty() ? "none is configured" : join(removed);
        if (forbidden) {
            return Fault.caller(FaultKind.PERMISSION, list, null);
        }
        if (!removed.isEmpty()
                && removed.stream().allMatch(r -> r.reason().startsWith(UpperBound.OVER))) {
            return Fault.caller(FaultKind.BUDGET_EXCEEDED, list, null);
        }
        boolean noKey = removed.stream().anyMatch(r -> r.reason().equals(NO_KEY));
        if (noKey || removed.isEmpty()) {
            return unavailable("no candidate for " + candidates.name() + " can serve: " + list);
        }
        if (bond.needed() != null) {
            return bond.fault(list);
        }
        return Fault.unsupported(
                "no candidate for " + candidates.name() + " can serve this request: " + list,
                refusedByAll(removed));
    }

    private static Fault unavailable(String message) {
        return new Fault(
                FaultKind.UNAVAILABLE, Origin.PILLION, Retry.NEVER, message, null, null, null);
    }

    /** The one field that stands in everybody's way, as a JSON pointer; null: there is none. */
    private static @Nullable String refusedByAll(List<Plan.Removed> removed) {
        for (Refusal refusal : Refusal.values()) {
            String reason = REFUSES + refusal.wire();
            if (removed.stream().allMatch(r -> r.reason().equals(reason))) {
                return refusal.field();
            }
        }
        return null;
    }

    private static String join(List<Plan.Removed> removed) {
        return String.join("; ", removed.stream().map(Plan.Removed::toString).toList());
    }
}

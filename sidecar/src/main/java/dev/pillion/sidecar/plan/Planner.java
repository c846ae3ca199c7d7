package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Stored;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.ProviderConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.health.TargetHealth;
import dev.pillion.sidecar.upstream.Endpoint;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
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
    private final Health health;
    private final Runners runners;
    private final Ranking ranking;

    /**
     * @param nanos rises only; the loops' own
     */
    public Planner(
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            Homes homes,
            TokenEstimator estimator,
            Health health,
            Habits habits) {
        this.estimator = estimator;
        this.clock = clock;
        this.random = random;
        this.homes = homes;
        this.health = health;
        this.runners = new Runners(health);
        this.ranking = new Ranking(health, habits, nanos, random);
    }

    /**
     * The plan for one request.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code not_found} for a model nobody knows,
     *     {@code unsupported} when no candidate can do what is asked or has what is named, {@code
     *     permission} when the caller may use none of them, {@code context_too_long} when none that
     *     could serve holds the prompt and the answer asked for
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
        if (upstream == null || (keys.isEmpty() && !provider.needsNoKey())) {
            throw unavailable(provider.name() + ": " + NO_KEY).asException();
        }
        var endpoint =
                new Endpoint(provider.name(), provider.baseUrl(), provider.timeouts().connect());
        TargetHealth known = health.of(provider.name(), model.id());
        var runner = new Runner(model, upstream, format, endpoint, Tariff.UNKNOWN, known);
        return new Plan(
                Targets.byModel(List.of(new Able(runner, keys)), Able::keys),
                List.of(),
                null,
                () -> Explanation.ofPath(clock.instant(), provider.name(), ask.load()),
                ask.load(),
                null,
                snapshot);
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

    /**
     * How a request would be planned now, near-ties unspread and nobody tried for once, and why.
     * Nothing is changed by it, and any thread may ask.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code not_found} for a model nobody knows
     */
    public Explanation explain(Snapshot snapshot, Ask ask) {
        if (ask.task() == Task.RAW) {
            return raw(snapshot, ask).explanation();
        }
        Choice choice = choice(snapshot, ask);
        if (choice.able().isEmpty()) {
            return choice.explanation(clock.instant(), nobody(choice));
        }
        Ranking.Ranked ranked =
                ranking.glance(snapshot, choice.ask(), choice.candidates(), choice.able());
        return choice.explanation(clock.instant(), ranked, health);
    }

    private Plan choose(Snapshot snapshot, Ask asked) {
        Choice choice = choice(snapshot, asked);
        if (choice.able().isEmpty()) {
            throw nobody(choice).asException();
        }
        Ask ask = choice.ask();
        Candidates candidates = choice.candidates();
        Ranking.Ranked ranked = ranking.rank(snapshot, ask, candidates, choice.able());
        Set<String> first = choice.bond().accounts(ask.accounts());
        Targets targets =
                candidates.explicit()
                        ? Targets.byModel(ranked.models(), each -> drawn(each, first))
                        : Targets.byRound(ranked.models(), each -> drawn(each, first));
        return new Plan(
                targets,
                choice.removed(),
                candidates.modelClass(),
                () -> choice.explanation(clock.instant(), ranked, health),
                ask.load(),
                ask.ceiling() == null
                        ? null
                        : new Allowance(ask.ceiling().maxUsd(), choice.mostUsd(), clock.instant()),
                snapshot);
    }

    private Choice choice(Snapshot snapshot, Ask ask) {
        Candidates candidates = Candidates.of(snapshot, ask);
        Bond bond = Bond.of(snapshot, homes, ask, candidates.models());
        List<Plan.Removed> removed = new ArrayList<>();
        Map<String, BigDecimal> mostUsd = new HashMap<>(0);
        List<Able> able = able(snapshot, ask, candidates, bond, removed, mostUsd);
        boolean bound = bond.needed() != null;
        return able.isEmpty() && ask.lossy() && (bound || !ask.refusable().isEmpty())
                ? choice(snapshot, ask.withLosses())
                : new Choice(ask, candidates, bond, able, removed, mostUsd);
    }

    /** Who passes the hard filters; the others go to {@code removed}, with the reason. */
    private List<Able> able(
            Snapshot snapshot,
            Ask ask,
            Candidates candidates,
            Bond bond,
            List<Plan.Removed> removed,
            Map<String, BigDecimal> mostUsd) {
        Instant now = clock.instant();
        Runners.Table table = runners.at(snapshot, now);
        List<Able> able = new ArrayList<>(candidates.models().size());
        for (ModelConfig model : candidates.models()) {
            if (ask.task() == Task.COUNT && !able.isEmpty()) {
                break; // another model counts differently
            }
            Runner runner = table.of(model);
            String reason = bond.whyNot(model);
            if (reason == null) {
                reason = whyNot(snapshot, ask, candidates, model, runner);
            }
            if (reason == null) {
                reason = Window.whyTooSmall(ask, model.traits());
            }
            if (reason == null && runner != null && ask.ceiling() != null) {
                reason = whyOver(snapshot, ask, ask.ceiling(), runner, mostUsd);
            }
            if (reason != null || runner == null) {
                removed.add(new Plan.Removed(model.id(), reason == null ? NO_KEY : reason));
                continue;
            }
            List<Snapshot.Key> keys =
                    runner.provider().needsNoKey() ? List.of() : bond.keys(runner.upstream(), now);
            if (keys.isEmpty() && !runner.provider().needsNoKey()) {
                String none = bond.account() == null ? NO_KEY : NO_KEY_THERE + bond.account();
                removed.add(new Plan.Removed(model.id(), none));
            } else {
                able.add(runner.under(keys));
            }
        }
        return candidates.explicit() ? able : longEnough(ask, able, removed);
    }

    /** Those whose answers may be as long as asked for, where there are any: else all are. */
    private static List<Able> longEnough(Ask ask, List<Able> able, List<Plan.Removed> removed) {
        List<Plan.Removed> tooShort = new ArrayList<>(0);
        for (Able each : able) {
            String reason = Window.whyTooShort(ask, each.runner().model().traits());
            if (reason != null) {
                tooShort.add(new Plan.Removed(each.runner().model().id(), reason));
            }
        }
        if (!tooShort.isEmpty() && tooShort.size() < able.size()) {
            removed.addAll(tooShort);
            able.removeIf(each -> Window.whyTooShort(ask, each.runner().model().traits()) != null);
        }
        return able;
    }

    private List<Snapshot.Key> drawn(Able able, Set<String> accounts) {
        String provider = able.runner().provider().name();
        return ranking.heldLast(able, Keys.inOrder(able.keys(), provider, accounts, random));
    }

    /** The first hard filter that takes the model out; null: none does. */
    private static @Nullable String whyNot(
            Snapshot snapshot,
            Ask ask,
            Candidates candidates,
            ModelConfig model,
            @Nullable Runner runner) {
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
        if (runner != null) {
            return whyUnable(ask, candidates, runner);
        }
        Snapshot.Upstream upstream = snapshot.upstreamOf(model);
        return upstream == null
                ? NO_KEY
                : "this release has no adapter for " + upstream.provider().speaks().wire();
    }

    private @Nullable String whyOver(
            Snapshot snapshot,
            Ask ask,
            Ask.Ceiling ceiling,
            Runner runner,
            Map<String, BigDecimal> mostUsd) {
        var whom = new UpperBound.Of(runner.model(), runner.format(), ask.lossy());
        UpperBound bound =
                UpperBound.of(ceiling, whom, snapshot.config(), estimator, clock.instant());
        if (bound.usd() != null) {
            mostUsd.put(runner.model().id(), bound.usd());
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

    private static @Nullable String whyUnable(Ask ask, Candidates candidates, Runner runner) {
        ModelConfig model = runner.model();
        String unfit = whyUnfit(ask.task(), runner);
        if (unfit != null) {
            return unfit;
        }
        if (!runner.canAll(candidates.needs())) {
            for (Capability capability : candidates.needs()) {
                if (!runner.can(capability)) {
                    return "can't do " + capability.wire();
                }
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

    private static @Nullable String whyUnfit(Task task, Runner runner) {
        return switch (task) {
            case RAW -> null;
            case ANSWER -> runner.chats() ? null : "makes embeddings, and no answers";
            case EMBED -> {
                boolean embeds = runner.model().traits().can(Capability.EMBEDDINGS);
                yield embeds && runner.format().embedder() != null ? null : "can't do embeddings";
            }
            case COUNT ->
                    runner.format().counter(runner.provider().name()) == null
                            ? "its provider counts no tokens"
                            : null;
        };
    }

    private static boolean named(List<String> names, ModelConfig model) {
        return !names.isEmpty()
                && (names.contains(model.provider())
                        || names.contains(model.id())
                        || names.contains(model.vendorId()));
    }

    private static Fault nobody(Choice choice) {
        Candidates candidates = choice.candidates();
        Bond bond = choice.bond();
        List<Plan.Removed> removed = choice.removed();
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
        if (removed.stream().anyMatch(r -> r.reason().startsWith(Window.TOO_SMALL))) {
            String message = "no candidate for " + candidates.name() + " can hold it: " + list;
            return Fault.caller(FaultKind.CONTEXT_TOO_LONG, message, null);
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

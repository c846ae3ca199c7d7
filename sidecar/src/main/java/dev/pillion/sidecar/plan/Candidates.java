package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Capability;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Resolved;
import dev.pillion.sidecar.config.Snapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models that a request's own words allow, first choice first, before any filter.
 *
 * @param name what the request said, for messages
 * @param explicit whether a model was named, which then is kept while it can be
 * @param needs what the request needs, and what an alias demands beyond it
 */
record Candidates(
        String name,
        boolean explicit,
        @Nullable String modelClass,
        EnumSet<Capability> needs,
        List<ModelConfig> models) {

    /** Vectors of two models never match, so that only the first may make them. */
    static Candidates of(Snapshot snapshot, Ask ask) {
        Candidates all = named(snapshot, ask);
        return ask.task() == Task.EMBED && all.models.size() > 1
                ? new Candidates(
                        all.name, all.explicit, all.modelClass, all.needs, all.models.subList(0, 1))
                : all;
    }

    private static Candidates named(Snapshot snapshot, Ask ask) {
        String model = ask.model();
        if (model == null) {
            String wanted = ask.modelClass();
            return classOf(snapshot, ask, wanted == null ? ModelClass.BALANCED.wire() : wanted);
        }
        EnumSet<Capability> needs = needs(ask);
        return switch (snapshot.resolve(model, ask.surfaceProvider())) {
            case Resolved.Named named -> explicit(snapshot, model, needs, named.model());
            case Resolved.Unlisted unlisted -> explicit(snapshot, model, needs, unlisted.model());
            case Resolved.Alias alias -> {
                needs.addAll(alias.needs());
                yield new Candidates(
                        "alias " + model,
                        false,
                        alias.modelClass() == null ? null : alias.modelClass().wire(),
                        needs,
                        alias.models());
            }
            case Resolved.OfClass of ->
                    new Candidates(model, false, of.modelClass().wire(), needs, of.models());
            case Resolved.Unknown unknown -> throw unknown(model, unknown.nearest()).asException();
        };
    }

    private static Candidates classOf(Snapshot snapshot, Ask ask, String wanted) {
        ModelClass modelClass = ModelClass.of(wanted);
        if (modelClass == null) {
            throw Fault.invalid("class: unknown (expected: fast, balanced or frontier)", "/class")
                    .asException();
        }
        return new Candidates(
                "class " + wanted, false, wanted, needs(ask), snapshot.models(modelClass));
    }

    private static EnumSet<Capability> needs(Ask ask) {
        EnumSet<Capability> needs = EnumSet.noneOf(Capability.class);
        for (Need need : ask.needs()) {
            needs.add(Capability.valueOf(need.name()));
        }
        return needs;
    }

    private static Candidates explicit(
            Snapshot snapshot, String name, EnumSet<Capability> needs, ModelConfig model) {
        List<ModelConfig> models = new ArrayList<>();
        models.add(model);
        addNew(snapshot.fallbacksOf(model), models);
        addNew(snapshot.peersOf(model), models);
        return new Candidates(name, true, null, needs, models);
    }

    /** By their ids: to hash whole models, prices and all, costs more than a short list's walk. */
    private static void addNew(List<ModelConfig> more, List<ModelConfig> models) {
        for (ModelConfig each : more) {
            if (models.stream().noneMatch(known -> known.id().equals(each.id()))) {
                models.add(each);
            }
        }
    }

    static Fault unknown(String model, List<String> nearest) {
        String hint = nearest.isEmpty() ? "" : ", did you mean " + String.join(", ", nearest) + "?";
        return Fault.caller(
                FaultKind.NOT_FOUND, "model '" + model + "' is not known" + hint, "/model");
    }

    /** The id of the model that was named; null: a class or an alias was. */
    @Nullable String namedModel() {
        return explicit ? models.getFirst().id() : null;
    }
}

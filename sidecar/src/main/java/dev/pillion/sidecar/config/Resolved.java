package dev.pillion.sidecar.config;

import dev.pillion.adapters.Capability;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the model name of a request means. */
public sealed interface Resolved {

    /** One model that the caller named; its vendor id is the one that was asked for. */
    record Named(ModelConfig model) implements Resolved {}

    /**
     * A name of the house.
     *
     * @param modelClass the class it stands for; null: a list of models
     * @param needs what its models must be able to do beyond what the request asks
     * @param models those whose providers can be called, first choice first
     */
    record Alias(
            String name,
            @Nullable ModelClass modelClass,
            Set<Capability> needs,
            List<ModelConfig> models)
            implements Resolved {}

    /** A class; the models are those whose providers can be called, first choice first. */
    record OfClass(ModelClass modelClass, List<ModelConfig> models) implements Resolved {}

    /** An id that the catalog does not know, let through by the configuration; its cost is null. */
    record Unlisted(ModelConfig model) implements Resolved {}

    /** An id that nobody knows, with the known ones nearest to it. */
    record Unknown(List<String> nearest) implements Resolved {}
}

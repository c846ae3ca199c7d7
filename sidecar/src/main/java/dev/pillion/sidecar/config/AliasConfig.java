package dev.pillion.sidecar.config;

import dev.pillion.adapters.Capability;
import java.util.List;
import java.util.Set;

/** What a name of the house stands for. */
public sealed interface AliasConfig {

    /** Models by qualified id, tried in order; never empty. */
    record Models(List<String> ids) implements AliasConfig {
        public Models {
            ids = List.copyOf(ids);
        }
    }

    /** A class, and what its models must be able to do beyond what a request asks. */
    record OfClass(ModelClass modelClass, Set<Capability> needs) implements AliasConfig {
        public OfClass {
            needs = Set.copyOf(needs);
        }
    }
}

package dev.pillion.sidecar.config;

import java.util.Set;

/**
 * The keys that this release reads and checks but gives no effect yet; later releases shrink it.
 */
final class Pending {
    static final Set<String> KEYS =
            Set.of("providers.*.limits", "callers.*.limits", "websearch.inject");

    private Pending() {}
}

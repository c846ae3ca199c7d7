package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Provider;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.ProviderConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.TargetHealth;
import dev.pillion.sidecar.upstream.Endpoint;

/** A model that can be called: what of it stays the same from request to request. */
record Runner(
        ModelConfig model,
        Snapshot.Upstream upstream,
        Provider format,
        Endpoint endpoint,
        Tariff tariff,
        TargetHealth health) {

    ProviderConfig provider() {
        return upstream.provider();
    }

    Target under(Snapshot.Key key) {
        return new Target(format, model, key, endpoint, provider().timeouts());
    }

    Target withoutKey() {
        return new Target(format, model, null, endpoint, provider().timeouts());
    }
}

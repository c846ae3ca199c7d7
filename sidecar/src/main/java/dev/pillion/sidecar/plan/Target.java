package dev.pillion.sidecar.plan;

import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Provider;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.config.Timeouts;
import dev.pillion.sidecar.upstream.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * One model at one vendor under one key: what an attempt is made at.
 *
 * @param key null where the provider wants no key
 */
public record Target(
        Provider format,
        ModelConfig model,
        Snapshot.@Nullable Key key,
        Endpoint endpoint,
        Timeouts timeouts) {

    public String provider() {
        return model.provider();
    }

    /** The account that seals are bound to. */
    public String account() {
        return key == null ? model.provider() : key.account();
    }

    /** The account that the vendor stores things in; null where it takes no key. */
    public @Nullable String keyAccount() {
        return key == null ? null : key.account();
    }

    public @Nullable String keyId() {
        return key == null ? null : key.id();
    }

    public EncodeContext encodeContext(boolean lossy) {
        return new EncodeContext(model.traits(), provider(), account(), lossy);
    }
}

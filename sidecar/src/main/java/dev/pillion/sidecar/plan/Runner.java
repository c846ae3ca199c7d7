package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.Provider;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.ProviderConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.TargetHealth;
import dev.pillion.sidecar.upstream.Endpoint;
import java.util.EnumSet;
import java.util.List;

/** A model that can be called: what of it stays the same from request to request. */
final class Runner {
    private final ModelConfig model;
    private final Snapshot.Upstream upstream;
    private final Provider format;
    private final Endpoint endpoint;
    private final Tariff tariff;
    private final TargetHealth health;
    private final EnumSet<Capability> can;
    private final boolean chats;
    private final Able underAllKeys;

    Runner(
            ModelConfig model,
            Snapshot.Upstream upstream,
            Provider format,
            Endpoint endpoint,
            Tariff tariff,
            TargetHealth health) {
        this.model = model;
        this.upstream = upstream;
        this.format = format;
        this.endpoint = endpoint;
        this.tariff = tariff;
        this.health = health;
        this.can = EnumSet.noneOf(Capability.class);
        can.addAll(format.carries());
        can.retainAll(model.traits().can());
        this.chats = model.traits().chats();
        this.underAllKeys = new Able(this, upstream.keys());
    }

    ModelConfig model() {
        return model;
    }

    Snapshot.Upstream upstream() {
        return upstream;
    }

    ProviderConfig provider() {
        return upstream.provider();
    }

    Provider format() {
        return format;
    }

    Tariff tariff() {
        return tariff;
    }

    TargetHealth health() {
        return health;
    }

    /** Whether it gives answers, and not vectors alone. */
    boolean chats() {
        return chats;
    }

    /** Whether the model can do that, and its format say it. */
    boolean can(Capability what) {
        return can.contains(what);
    }

    /** Whether it can do all of that. */
    boolean canAll(EnumSet<Capability> what) {
        return can.containsAll(what);
    }

    /** That it may be asked with those keys, all of its provider's as a rule. */
    Able under(List<Snapshot.Key> keys) {
        return keys.equals(upstream.keys()) ? underAllKeys : new Able(this, keys);
    }

    Target under(Snapshot.Key key) {
        return new Target(format, model, key, endpoint, provider().timeouts());
    }

    Target withoutKey() {
        return new Target(format, model, null, endpoint, provider().timeouts());
    }
}

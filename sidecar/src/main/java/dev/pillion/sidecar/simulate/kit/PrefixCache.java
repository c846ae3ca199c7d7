package dev.pillion.sidecar.simulate.kit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which prompt prefixes a vendor has seen lately. Bounded; the oldest are forgotten first. */
public final class PrefixCache {
    private static final int MAX_ENTRIES = 10_000;

    private final Clock clock;
    private final Map<String, Instant> expiries =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                    return size() > MAX_ENTRIES;
                }
            };

    public PrefixCache(Clock clock) {
        this.clock = clock;
    }

    /** Whether the prefix is there and still fresh. */
    public synchronized boolean holds(String prefix) {
        var expiry = expiries.get(prefix);
        return expiry != null && expiry.isAfter(clock.instant());
    }

    /** Keeps the prefix for so long from now; never shortens what it had. */
    public synchronized void keep(String prefix, Duration ttl) {
        var until = clock.instant().plus(ttl);
        expiries.merge(prefix, until, (old, fresh) -> old.isAfter(fresh) ? old : fresh);
    }
}

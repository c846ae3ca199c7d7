package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;

/**
 * The vendor's automatic prompt cache: a prefix of 1,024 tokens or more that came before is read
 * from it, in steps of 128.
 */
public final class CachedPrefix {
    private static final int LEAST_CACHED = 1_024;
    private static final int STEP = 128;
    private static final Duration TTL = Duration.ofMinutes(30);

    private final PrefixCache seen;

    public CachedPrefix(PrefixCache seen) {
        this.seen = seen;
    }

    /**
     * How many tokens of a prompt are read from the cache; what was sent is remembered.
     *
     * @param head what stands before the turns
     */
    public int read(String account, String model, JsonNode head, List<JsonNode> turns) {
        var digest = Seals.digest(account + model + head);
        int tokens = head.isMissingNode() ? 0 : Tokens.of(head);
        int cached = 0;
        for (var turn : turns) {
            digest = Seals.digest(digest + turn);
            tokens += Tokens.of(turn);
            if (tokens >= LEAST_CACHED) {
                cached = seen.holds(digest) ? tokens : cached;
                seen.keep(digest, TTL);
            }
        }
        return cached / STEP * STEP;
    }

    /**
     * How many tokens are written to the cache.
     *
     * @param counted whether the vendor tells them for this model
     * @param fresh those that were not read from it
     */
    public static int written(boolean counted, int fresh) {
        return counted && fresh >= LEAST_CACHED ? fresh : 0;
    }
}

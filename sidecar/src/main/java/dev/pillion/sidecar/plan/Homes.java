package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Stored;
import dev.pillion.adapters.StoredIds;
import dev.pillion.sidecar.config.Snapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * In which account of which provider things lie that vendors store: the one rule for all surfaces
 * and raw paths. What an account stores no other finds, so a request that names something stored
 * goes to the account that holds it, and to no other.
 *
 * <p>Which account that is has been learned from the answer that told the id, where it went through
 * here; after a restart, or for what was made elsewhere, it is the provider's home: the account of
 * the first key in the configuration. Whoever stores what shall outlive this process (files,
 * batches, cached contents) therefore does it at home, and only answers are spread over accounts.
 * When that guess is wrong the vendor itself says that it does not know the id.
 *
 * <p>It holds the latest 20,000 ids and is safe for all threads; nothing is learned where a
 * provider has one account and its format no other provider.
 */
public final class Homes {
    private static final int MAX_IDS = 20_000;

    /** Where something lies. */
    public record Home(String provider, String account) {}

    private final Map<String, Home> homes =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Home> eldest) {
                    return size() > MAX_IDS;
                }
            };

    /** The one that told of an id first made it. */
    public synchronized void learn(String id, Home home) {
        homes.putIfAbsent(id, home);
    }

    /** Where the id was made; null: nobody saw that. */
    public synchronized @Nullable Home of(String id) {
        return homes.get(id);
    }

    /**
     * Learns from an answer of that account, given its bytes; null where there is nothing to be
     * told apart.
     *
     * @param account null where the provider takes no key
     */
    public @Nullable StoredIds watch(Snapshot snapshot, String provider, @Nullable String account) {
        if (account == null || !snapshot.storesApart(provider)) {
            return null;
        }
        var home = new Home(provider, account);
        return new StoredIds(id -> learn(id, home));
    }

    /**
     * The account of the provider that holds the first of the ids whose making was seen, else the
     * provider's home; null where it has no key.
     */
    public @Nullable String account(Snapshot.Upstream upstream, Collection<String> ids) {
        for (String id : ids) {
            Home home = of(id);
            if (home != null && home.provider().equals(upstream.provider().name())) {
                return home.account();
            }
        }
        return home(upstream);
    }

    /**
     * The keys for a call of the provider's own API, first choice first: only those of the account
     * that holds one of the ids, where that was seen; else only those of home while it has any,
     * since what the call stores has to be found again, also after a restart.
     *
     * @param ids what the call's path and body name
     */
    public List<Snapshot.Key> keys(
            Snapshot.Upstream upstream,
            Collection<String> ids,
            Instant now,
            RandomGenerator random) {
        String account = account(upstream, ids);
        List<Snapshot.Key> own = account == null ? List.of() : keysOf(upstream, account, now);
        List<Snapshot.Key> keys = own.isEmpty() ? upstream.keysAt(now) : own;
        return Keys.inOrder(keys, upstream.provider().name(), Set.of(), random);
    }

    /** The account where things are stored that nobody knows the account of. */
    public static @Nullable String home(Snapshot.Upstream upstream) {
        return upstream.keys().isEmpty() ? null : upstream.keys().getFirst().account();
    }

    /** The account's keys to use now: the active ones, or else the draining ones. */
    public static List<Snapshot.Key> keysOf(
            Snapshot.Upstream upstream, String account, Instant now) {
        List<Snapshot.Key> own =
                upstream.keys().stream().filter(key -> key.account().equals(account)).toList();
        return new Snapshot.Upstream(upstream.provider(), own).keysAt(now);
    }

    /** Whether the provider may hold it, by what is known of it, else by whose it says it is. */
    boolean mayHold(Snapshot.Upstream upstream, Stored stored) {
        Home home = of(stored.id());
        String name = upstream.provider().name();
        return home == null
                ? stored.mayLieAt(name, upstream.provider().speaks().wire())
                : home.provider().equals(name);
    }
}

package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Stored;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Snapshot;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request's stored state leaves of its candidates: one provider, and there one account.
 *
 * @param needed what must be found there; null: nothing, and any candidate may serve
 * @param provider the only one that may serve; null with {@code needed}: none of the candidates may
 * @param account the only one whose keys may serve; null: any
 * @param preferred accounts to be tried first, as {@code provider/account}
 */
record Bond(
        @Nullable Stored needed,
        @Nullable String provider,
        @Nullable String account,
        Set<String> preferred) {

    static final Bond NONE = new Bond(null, null, null, Set.of());

    /**
     * The bond of a request.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code unsupported} where no one account
     *     holds all that it names
     */
    static Bond of(Snapshot snapshot, Homes homes, Ask ask, List<ModelConfig> candidates) {
        if (allTheSame(snapshot, ask.surfaceProvider(), candidates)) {
            return NONE;
        }
        List<Stored> stored = ask.stored().get();
        if (stored.isEmpty()) {
            return NONE;
        }
        List<Stored> needed = stored.stream().filter(Stored::needed).toList();
        return needed.isEmpty()
                ? new Bond(null, null, null, preferred(snapshot, homes, stored, candidates))
                : bound(snapshot, homes, needed, candidates);
    }

    /** Whether whoever serves is the surface's own vendor, under keys of one account. */
    private static boolean allTheSame(
            Snapshot snapshot, @Nullable String surface, List<ModelConfig> candidates) {
        if (surface == null || snapshot.storesApart(surface)) {
            return false;
        }
        return candidates.stream().allMatch(model -> model.provider().equals(surface));
    }

    private static Bond bound(
            Snapshot snapshot, Homes homes, List<Stored> needed, List<ModelConfig> candidates) {
        Stored first = needed.getFirst();
        Snapshot.Upstream holder = null;
        for (ModelConfig model : candidates) {
            Snapshot.Upstream upstream = snapshot.upstreamOf(model);
            if (upstream != null
                    && needed.stream().allMatch(each -> homes.mayHold(upstream, each))
                    && (holder == null || model.provider().equals(first.vendor()))) {
                holder = upstream;
            }
        }
        if (holder == null) {
            return new Bond(first, null, null, Set.of());
        }
        return new Bond(first, holder.provider().name(), account(homes, holder, needed), Set.of());
    }

    /** The account of all that is known; what is not known can only be there too. */
    private static @Nullable String account(
            Homes homes, Snapshot.Upstream holder, List<Stored> needed) {
        Homes.Home found = null;
        for (Stored each : needed) {
            Homes.Home home = homes.of(each.id());
            if (home != null && found != null && !found.account().equals(home.account())) {
                throw Fault.unsupported(
                                each.field() + ": stored in another account than what else is",
                                each.field())
                        .asException();
            }
            found = home == null ? found : home;
        }
        return found == null ? Homes.home(holder) : found.account();
    }

    private static Set<String> preferred(
            Snapshot snapshot, Homes homes, List<Stored> stored, List<ModelConfig> candidates) {
        List<String> ids = stored.stream().map(Stored::id).toList();
        Set<String> accounts = new HashSet<>();
        for (ModelConfig model : candidates) {
            Snapshot.Upstream upstream = snapshot.upstreamOf(model);
            if (upstream != null && stored.stream().anyMatch(s -> homes.mayHold(upstream, s))) {
                accounts.add(model.provider() + "/" + homes.account(upstream, ids));
            }
        }
        return accounts;
    }

    /** Why the model can't serve; null: it can. */
    @Nullable String whyNot(ModelConfig model) {
        return needed == null || model.provider().equals(provider)
                ? null
                : "does not have " + needed.field() + ", which is stored at " + where();
    }

    private String where() {
        return provider != null ? provider : needed == null ? "" : needed.vendor();
    }

    /** The provider's keys that may serve, first choice first, before they are drawn. */
    List<Snapshot.Key> keys(Snapshot.Upstream upstream, Instant now) {
        return account == null ? upstream.keysAt(now) : Homes.keysOf(upstream, account, now);
    }

    /** Accounts to be tried first, those of the seals among them. */
    Set<String> accounts(Set<String> ofSeals) {
        if (preferred.isEmpty()) {
            return ofSeals;
        }
        Set<String> all = new HashSet<>(ofSeals);
        all.addAll(preferred);
        return all;
    }

    /** That what is needed can't be had. */
    Fault fault(String list) {
        String field = needed == null ? "" : needed.field();
        return Fault.unsupported(
                field + ": what is stored at " + where() + " only can be had there: " + list,
                field);
    }
}

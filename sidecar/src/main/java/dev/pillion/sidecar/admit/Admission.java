package dev.pillion.sidecar.admit;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.sidecar.config.CallerConfig;
import dev.pillion.sidecar.config.Snapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells who calls: what the kernel says of the peer, refined by the name it claims. */
public final class Admission {
    /** The entry of all callers that have none of their own. */
    static final String DEFAULT = "default";

    private final String podCaller;

    /** The name for whoever is not told apart: the pod's. */
    public Admission(String podCaller) {
        this.podCaller = podCaller;
    }

    /**
     * The caller of one request.
     *
     * @throws FaultException {@code permission} for a name that the peer's uid may not claim
     */
    public Admitted admit(Snapshot snapshot, Claim claim) {
        Map<String, CallerConfig> callers = snapshot.config().callers();
        CallerConfig bound = claim.uid() == null ? null : boundTo(claim.uid(), callers);
        String name = claim.name();
        if (name == null) {
            name = bound == null ? podCaller : bound.name();
        } else if (!mayClaim(name, claim.uid(), bound, callers)) {
            throw outside(name, claim);
        }
        String account = account(name, callers);
        CallerConfig config = callers.get(account);
        return new Admitted(
                name,
                account,
                claim.uid(),
                claim.tags(),
                config == null ? null : config.budgetUsdPerDay(),
                config == null ? null : config.allow());
    }

    /** Whose limits the name has: its own, or those that all names without an entry share. */
    static String account(String name, Map<String, CallerConfig> callers) {
        return callers.containsKey(name) ? name : DEFAULT;
    }

    /** The first entry that lists the uid; null: none does. */
    private static @Nullable CallerConfig boundTo(Long uid, Map<String, CallerConfig> callers) {
        for (CallerConfig caller : callers.values()) {
            if (caller.uids().contains(uid)) {
                return caller;
            }
        }
        return null;
    }

    /**
     * A bound uid claims its own names only; a name bound to uids is theirs alone. Where no uid is
     * known, any name may be claimed.
     */
    private static boolean mayClaim(
            String name,
            @Nullable Long uid,
            @Nullable CallerConfig bound,
            Map<String, CallerConfig> callers) {
        if (uid == null) {
            return true;
        }
        CallerConfig claimed = callers.get(name);
        return bound == null
                ? claimed == null || claimed.uids().isEmpty()
                : claimed != null && claimed.uids().contains(uid);
    }

    private static FaultException outside(String name, Claim claim) {
        String message =
                "x-pillion-caller: uid "
                        + claim.uid()
                        + " may not call itself '"
                        + name
                        + "' (expected: a name that the configuration's callers give this uid)";
        return Fault.caller(FaultKind.PERMISSION, message, "x-pillion-caller").asException();
    }
}

package dev.pillion.sidecar.admit;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.sidecar.config.CallerConfig;
import dev.pillion.sidecar.config.Snapshot;
import java.util.List;
import java.util.Map;

/** Tells who calls: what the kernel says of the peer, refined by the name it claims. */
public final class Admission {
    private static final String DEFAULT = "default";

    private final String podCaller;

    /** The name for whoever is not told apart: the pod's. */
    public Admission(String podCaller) {
        this.podCaller = podCaller;
    }

    /**
     * The caller of one request.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code permission} for a name that the
     *     peer's uid may not claim
     */
    public Admitted admit(Snapshot snapshot, Claim claim) {
        Map<String, CallerConfig> callers = snapshot.config().callers();
        List<CallerConfig> bound =
                callers.values().stream()
                        .filter(caller ->
                                claim.uid() != null && caller.uids().contains(claim.uid()))
                        .toList();
        String name = claim.name();
        if (name == null) {
            name = bound.isEmpty() ? podCaller : bound.getFirst().name();
        } else if (!mayClaim(name, claim, bound, callers)) {
            throw Fault.caller(
                            FaultKind.PERMISSION,
                            "x-pillion-caller: uid "
                                    + claim.uid()
                                    + " may not call itself '"
                                    + name
                                    + "' (expected: a name that the configuration's callers give"
                                    + " this uid)",
                            "x-pillion-caller")
                    .asException();
        }
        CallerConfig config = callers.getOrDefault(name, callers.get(DEFAULT));
        return new Admitted(
                name, claim.uid(), claim.tags(), config == null ? null : config.allow());
    }

    /** A bound uid claims its own names only; a name bound to uids is theirs alone. */
    private static boolean mayClaim(
            String name, Claim claim, List<CallerConfig> bound, Map<String, CallerConfig> callers) {
        if (!bound.isEmpty()) {
            return bound.stream().anyMatch(caller -> caller.name().equals(name));
        }
        CallerConfig claimed = callers.get(name);
        return claim.uid() == null || claimed == null || claimed.uids().isEmpty();
    }
}

package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;

/** What a fault lets a dispatch do next, before the commit point: THE table of failover. */
enum Decision {
    /** Tell the caller. */
    GIVE_UP,
    /** Ask another target; this one may be asked again later. */
    NEXT_THEN_AGAIN,
    /** Ask another target; this one would say the same. */
    NEXT,
    /** Ask another provider: every key of this one would say the same of this model. */
    NEXT_MODEL;

    static Decision on(Fault fault) {
        return switch (fault.retry()) {
            case NEVER -> GIVE_UP;
            case ANYWHERE -> NEXT_THEN_AGAIN;
            case LARGER_CONTEXT -> NEXT_MODEL;
            case ELSEWHERE -> elsewhere(fault.kind());
        };
    }

    private static Decision elsewhere(FaultKind kind) {
        return switch (kind) {
            case UNSUPPORTED, NOT_FOUND, CONTEXT_TOO_LONG, CONTENT_FILTERED -> NEXT_MODEL;
            case INVALID_REQUEST,
                    AUTHENTICATION,
                    BUDGET_EXCEEDED,
                    PERMISSION,
                    TOO_LARGE,
                    RATE_LIMITED,
                    INTERNAL,
                    UPSTREAM_PROTOCOL,
                    OVERLOADED,
                    UNAVAILABLE,
                    QUOTA_EXHAUSTED,
                    TIMEOUT ->
                    NEXT;
        };
    }
}

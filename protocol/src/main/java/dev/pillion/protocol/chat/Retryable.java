package dev.pillion.protocol.chat;

import dev.pillion.protocol.fault.Fault;

/** Whether the caller may send the same request again with a chance of success. */
final class Retryable {
    private Retryable() {}

    static boolean byCaller(Fault fault) {
        return switch (fault.kind()) {
            case RATE_LIMITED,
                    OVERLOADED,
                    UNAVAILABLE,
                    QUOTA_EXHAUSTED,
                    TIMEOUT,
                    UPSTREAM_PROTOCOL ->
                    true;
            case INVALID_REQUEST,
                    UNSUPPORTED,
                    CONTEXT_TOO_LONG,
                    CONTENT_FILTERED,
                    AUTHENTICATION,
                    BUDGET_EXCEEDED,
                    PERMISSION,
                    NOT_FOUND,
                    TOO_LARGE,
                    INTERNAL ->
                    false;
        };
    }
}

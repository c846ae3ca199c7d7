package dev.pillion.protocol.fault;

import java.util.Locale;

/** What went wrong, in the words of the contract, each with its HTTP status. */
public enum FaultKind {
    INVALID_REQUEST(400),
    UNSUPPORTED(400),
    CONTEXT_TOO_LONG(400),
    CONTENT_FILTERED(400),
    AUTHENTICATION(401),
    BUDGET_EXCEEDED(402),
    PERMISSION(403),
    NOT_FOUND(404),
    TOO_LARGE(413),
    RATE_LIMITED(429),
    INTERNAL(500),
    UPSTREAM_PROTOCOL(502),
    OVERLOADED(503),
    UNAVAILABLE(503),
    QUOTA_EXHAUSTED(503),
    TIMEOUT(504);

    private final int status;

    FaultKind(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** Whether waiting alone can end it. */
    boolean passes() {
        return switch (this) {
            case RATE_LIMITED, OVERLOADED, UNAVAILABLE -> true;
            case INVALID_REQUEST,
                    UNSUPPORTED,
                    CONTEXT_TOO_LONG,
                    CONTENT_FILTERED,
                    AUTHENTICATION,
                    BUDGET_EXCEEDED,
                    PERMISSION,
                    NOT_FOUND,
                    TOO_LARGE,
                    INTERNAL,
                    UPSTREAM_PROTOCOL,
                    QUOTA_EXHAUSTED,
                    TIMEOUT ->
                    false;
        };
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.pillion.sidecar.simulate.kit;

/** How a rate-limited answer says when to come back. */
public enum RetryHint {
    NONE,
    SECONDS,
    HTTP_DATE,
    MILLIS,
    /** The vendor's own reset headers, and no {@code retry-after}. */
    RESET
}

package dev.pillion.protocol.fault;

import dev.pillion.protocol.wire.Headers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One failure: what, whose, and whether to try again.
 *
 * @param message one sentence for the caller; never a key, a prompt or an answer of ours
 * @param pointer JSON pointer into the request, or a header's name, where one is to blame
 * @param retryAfter the vendor's hint, not negative
 * @param vendor what the vendor said, as it said it; null when no vendor spoke
 */
public record Fault(
        FaultKind kind,
        Origin origin,
        Retry retry,
        String message,
        @Nullable String pointer,
        @Nullable Duration retryAfter,
        @Nullable VendorAnswer vendor) {

    /** OpenAI's and Anthropic's SDKs for Node heed {@code retry-after} below 60 s (2026-08). */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(59);

    /** A vendor's own error answer. {@code body} is never changed after construction. */
    @SuppressWarnings("ArrayRecordComponent")
    public record VendorAnswer(int status, Headers headers, byte[] body) {}

    /** The request is wrong at the pointer. */
    public static Fault invalid(String message, @Nullable String pointer) {
        return caller(FaultKind.INVALID_REQUEST, message, pointer);
    }

    /** What is asked at the pointer can't be expressed for whoever could serve. */
    public static Fault unsupported(String message, @Nullable String pointer) {
        return new Fault(
                FaultKind.UNSUPPORTED,
                Origin.CALLER,
                Retry.ELSEWHERE,
                message,
                pointer,
                null,
                null);
    }

    /** The caller's own doing, of the given kind. */
    public static Fault caller(FaultKind kind, String message, @Nullable String pointer) {
        return new Fault(kind, Origin.CALLER, Retry.NEVER, message, pointer, null, null);
    }

    /** The way to the vendor failed; another try anywhere may work. */
    public static Fault network(FaultKind kind, String message) {
        return new Fault(kind, Origin.NETWORK, Retry.ANYWHERE, message, null, null, null);
    }

    /** The vendor answered what its format does not allow, or broke off. */
    public static Fault protocol(String message) {
        return new Fault(
                FaultKind.UPSTREAM_PROTOCOL,
                Origin.VENDOR,
                Retry.ANYWHERE,
                message,
                null,
                null,
                null);
    }

    /** A defect of Pillion. */
    public static Fault internal(String message) {
        return new Fault(
                FaultKind.INTERNAL, Origin.PILLION, Retry.NEVER, message, null, null, null);
    }

    /**
     * Whether a caller who is told this may well ask again after {@link #retryAfter}. What could be
     * retried has been: only whoever said when to come back is worth another call, and only when
     * that is soon, because SDKs come back at once where they are told to wait longer.
     */
    public boolean askAgainLater() {
        return retry != Retry.NEVER
                && retryAfter != null
                && retryAfter.compareTo(LONGEST_WAIT) <= 0
                && kind.passes();
    }

    public Fault withRetryAfter(@Nullable Duration hint) {
        return new Fault(kind, origin, retry, message, pointer, hint, vendor);
    }

    public Fault withVendor(VendorAnswer answer) {
        return new Fault(kind, origin, retry, message, pointer, retryAfter, answer);
    }

    public FaultException asException() {
        return new FaultException(this);
    }
}

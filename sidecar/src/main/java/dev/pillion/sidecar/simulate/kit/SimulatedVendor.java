package dev.pillion.sidecar.simulate.kit;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One vendor's wire format: checks a request as the vendor would, and answers it. Called by one
 * event loop at a time; must not block.
 */
public interface SimulatedVendor {
    /** {@code anthropic}, {@code openai} … */
    String name();

    Reply answer(Ask ask);

    /** The whole answer that carries this error. */
    Reply error(VendorError error);

    /** The event by which an error shows inside a stream that has begun. */
    SseEvent errorEvent(VendorError error);

    /**
     * The same in a certain stream, for a vendor whose streams are of several kinds.
     *
     * @param stream all that would have been sent
     * @param sent how many of its events come before this one
     */
    default SseEvent errorEvent(VendorError error, List<SseEvent> stream, int sent) {
        return errorEvent(error);
    }

    /** The error that this vendor sends with a status; of any status, also unusual ones. */
    VendorError usualError(int status);

    /** The same, with a wait in its body where the vendor has it there, and not in headers. */
    default VendorError usualError(int status, RetryHint hint, Duration wait) {
        return usualError(status);
    }

    /** The error for a prompt beyond the model's window. */
    VendorError promptTooLong();

    /** The headers of a 429 that asks to wait so long. */
    Map<String, String> waitHeaders(RetryHint hint, Duration wait);

    /** Whether this event ends a stream. */
    boolean terminal(SseEvent event);
}

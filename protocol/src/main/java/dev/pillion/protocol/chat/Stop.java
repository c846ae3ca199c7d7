package dev.pillion.protocol.chat;

import org.jspecify.annotations.Nullable;

/**
 * How an answer ended.
 *
 * @param sequence the stop text that was met, where the vendor tells
 * @param detail the vendor's own word where the reason alone loses something, e.g. a refusal's
 *     category or {@code model_context_window_exceeded}
 */
public record Stop(StopReason reason, @Nullable String sequence, @Nullable String detail) {
    /** The detail of an answer that is made in the background and has to be fetched later. */
    public static final String LATER = "later";

    public Stop(StopReason reason) {
        this(reason, null, null);
    }

    /** Whether there is no answer yet, so that nobody knows what it will use. */
    public boolean isLater() {
        return reason == StopReason.PAUSED && LATER.equals(detail);
    }
}

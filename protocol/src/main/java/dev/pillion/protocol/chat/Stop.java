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
    public Stop(StopReason reason) {
        this(reason, null, null);
    }
}

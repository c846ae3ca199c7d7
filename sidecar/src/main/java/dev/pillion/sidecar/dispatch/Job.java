package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatRequest;
import java.util.function.Supplier;

/**
 * What is to be answered, however often it is tried; never changed, so that each attempt is
 * rendered afresh from it.
 *
 * @param request decodes the request when an attempt needs it, once
 * @param stream whether the client reads a stream
 * @param lossy whether what a vendor can't express may be left out
 * @param passthrough whether the body may be handed on as it is where both sides speak one format
 * @param failover false: one attempt, and the vendor's own error
 * @param deadlineNanos on the loop's clock; all attempts together
 */
public record Job(
        Dialect dialect,
        Surface client,
        Outline outline,
        Supplier<ChatRequest> request,
        boolean stream,
        boolean lossy,
        boolean passthrough,
        boolean failover,
        long deadlineNanos) {}

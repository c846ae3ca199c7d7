package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;

/**
 * What is to be answered, however often it is tried; never changed, so that each attempt is
 * rendered afresh from it.
 *
 * @param work what is to be done with it
 * @param stream whether the client reads a stream
 * @param lossy whether what a vendor can't express may be left out
 * @param passthrough whether the body may be handed on as it is where both sides speak one format
 * @param failover false: one attempt, and the vendor's own error
 * @param hedge whether a target that is silent for too long gets company
 * @param deadlineNanos on the loop's clock; all attempts together
 */
public record Job(
        Work work,
        Surface client,
        Outline outline,
        boolean stream,
        boolean lossy,
        boolean passthrough,
        boolean failover,
        boolean hedge,
        long deadlineNanos) {}

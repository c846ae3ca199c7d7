package dev.pillion.protocol.chat;

import java.util.List;

/**
 * The caller's say in routing.
 *
 * @param only providers or qualified model ids that may serve; empty: any
 * @param not providers or qualified model ids that must not
 * @param explain whether the answer shall say how it was planned
 */
public record RouteWish(
        Prefer prefer,
        List<String> only,
        List<String> not,
        boolean failover,
        boolean hedge,
        boolean explain) {

    public static final RouteWish DEFAULT =
            new RouteWish(Prefer.BALANCED, List.of(), List.of(), true, false, false);

    /** The router's weights. */
    public enum Prefer {
        BALANCED,
        CHEAPEST,
        FASTEST
    }
}

package dev.pillion.sidecar.plan;

import dev.pillion.protocol.chat.RouteWish.Prefer;
import dev.pillion.sidecar.config.RoutingConfig;

/**
 * What matters how much when candidates are weighed.
 *
 * @param cost for each time that a candidate costs the cheapest one's price once more
 * @param latency for each time that its first content takes the fastest one's wait once more
 * @param reliability for each tenth of its calls that fails
 */
public record Weights(double cost, double latency, double reliability) {
    static final Weights BALANCED = new Weights(1, 1, 1);
    private static final Weights CHEAPEST = new Weights(4, 0.5, 1);
    private static final Weights FASTEST = new Weights(0.25, 4, 1);

    static Weights of(Prefer prefer, RoutingConfig.Weights configured) {
        return switch (prefer) {
            case CHEAPEST -> CHEAPEST;
            case FASTEST -> FASTEST;
            case BALANCED ->
                    new Weights(
                            configured.cost().doubleValue(),
                            configured.latency().doubleValue(),
                            configured.reliability().doubleValue());
        };
    }
}

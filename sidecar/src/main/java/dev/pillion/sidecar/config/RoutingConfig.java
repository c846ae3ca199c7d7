package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a request finds its model.
 *
 * @param classes every class has an entry
 */
public record RoutingConfig(
        Map<ModelClass, ClassRoute> classes,
        Failover failover,
        Breaker breaker,
        UnknownModels unknownModels,
        ExplicitModels explicitModels) {

    public RoutingConfig {
        classes = Map.copyOf(classes);
    }

    /**
     * The models of a class.
     *
     * @param order qualified ids, first choice first
     * @param weights what to weigh them by instead; null: the order counts
     * @param hedge whether a second one is asked when the first is silent for longer than usual
     */
    public record ClassRoute(List<String> order, @Nullable Weights weights, boolean hedge) {
        public ClassRoute(List<String> order, @Nullable Weights weights) {
            this(order, weights, false);
        }

        public ClassRoute {
            order = List.copyOf(order);
        }
    }

    /** What matters how much when models of a class are weighed, each >= 0. */
    public record Weights(BigDecimal cost, BigDecimal latency, BigDecimal reliability) {
        public static final Weights EVEN =
                new Weights(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE);
    }

    /**
     * How far a request is carried.
     *
     * @param maxAttempts calls to vendors in all, the first included
     * @param retriesPerProvider further calls to a provider that has failed once
     * @param contentBlocked whether another vendor may be asked for what one has blocked
     */
    public record Failover(
            int maxAttempts,
            int retriesPerProvider,
            Backoff backoff,
            ContentBlocked contentBlocked) {
        public static final Failover DEFAULTS =
                new Failover(4, 1, Backoff.DEFAULTS, ContentBlocked.SAME);
    }

    /** What happens when a vendor blocks content before it has answered anything. */
    public enum ContentBlocked {
        /** The caller is told. */
        SAME,
        /** Another vendor or model is asked. */
        ELSEWHERE
    }

    /** The bounds of the wait before a retry. */
    public record Backoff(Duration first, Duration max) {
        public static final Backoff DEFAULTS =
                new Backoff(Duration.ofMillis(250), Duration.ofSeconds(4));
    }

    /**
     * When a target is left alone for a while.
     *
     * @param failures so many one after the other, or so many of the latest 20 calls that they are
     *     {@code errorRate} of them
     * @param window older outcomes do not count
     * @param slow first content that takes so many times what is usual at the target counts
     *     likewise
     * @param open how long it is left alone at first, growing up to {@code openMax}
     * @param probes calls that may try it at the same time when that is over
     */
    public record Breaker(
            int failures,
            double errorRate,
            Duration window,
            double slow,
            Duration open,
            Duration openMax,
            int probes) {
        public static final Breaker DEFAULTS =
                new Breaker(
                        3,
                        0.15,
                        Duration.ofSeconds(30),
                        4,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        1);
    }

    /** What happens to an id that nobody knows. */
    public enum UnknownModels {
        REFUSE,
        ALLOW
    }

    /** Who may stand in for a model that the caller named, once its fallbacks have failed. */
    public enum ExplicitModels {
        /** Nobody. */
        SAME,
        /** The peers of its class. */
        CLASS
    }
}

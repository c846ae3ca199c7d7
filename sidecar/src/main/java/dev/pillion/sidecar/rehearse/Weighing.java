package dev.pillion.sidecar.rehearse;

import java.util.Locale;

/**
 * What matters how much to whom: the regret of a request is {@code cost} times what it cost over
 * the cheapest able target, plus {@code latency} times what its first token took over the fastest
 * able one's, plus 20 when it failed.
 */
public enum Weighing {
    BALANCED(1, 1),
    CHEAPEST(4, 0.5),
    FASTEST(0.25, 4);

    /** What a failed request counts, whatever it cost. */
    public static final double FAILED = 20;

    private final double cost;
    private final double latency;

    Weighing(double cost, double latency) {
        this.cost = cost;
        this.latency = latency;
    }

    /** The word for programs; what is asked for by {@code x-pillion-prefer} has the same. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public double cost() {
        return cost;
    }

    public double latency() {
        return latency;
    }

    /**
     * @param costs times the cheapest
     * @param takes times the fastest
     */
    double regret(double costs, double takes) {
        return cost * (costs - 1) + latency * (takes - 1);
    }
}

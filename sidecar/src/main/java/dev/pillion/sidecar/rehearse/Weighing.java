package dev.pillion.sidecar.rehearse;

/**
 * What matters how much to whom: the regret of a request is {@code cost} times what it cost over
 * the cheapest able target, plus {@code latency} times what its first token took over the fastest
 * able one's, plus 20 when it failed.
 */
enum Weighing {
    BALANCED(1, 1),
    CHEAPEST(4, 0.5),
    FASTEST(0.25, 4);

    static final double FAILED = 20;

    private final double cost;
    private final double latency;

    Weighing(double cost, double latency) {
        this.cost = cost;
        this.latency = latency;
    }

    /**
     * @param costs times the cheapest
     * @param takes times the fastest
     */
    double regret(double costs, double takes) {
        return cost * (costs - 1) + latency * (takes - 1);
    }
}

package dev.pillion.sidecar.health;

/**
 * How often a provider may be asked again: retries are at most a fifth of its requests, and a few
 * more, so that a provider in trouble is not drowned by them.
 */
public final class RetryBudget {
    private static final double EARNED = 0.2;
    private static final double MOST = 20;
    private static final double AT_FIRST = 10;

    private double left = AT_FIRST;

    RetryBudget() {}

    /** A request goes to the provider for the first time. */
    public synchronized void earn() {
        left = Math.min(MOST, left + EARNED);
    }

    /** Takes the right to ask once more; false: it has been asked again too often of late. */
    public synchronized boolean take() {
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}

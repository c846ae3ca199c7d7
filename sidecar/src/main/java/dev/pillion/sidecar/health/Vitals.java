package dev.pillion.sidecar.health;

/**
 * How a target does, for people to read.
 *
 * @param untilNanos so long it is still left out; 0: it is not, or may be tried
 * @param share of its traffic that it gets: 0 when left out, 1 when all is well
 * @param ended calls within the window, the latest 20 at most
 * @param failed of them
 * @param failureShare how many of its calls are expected to fail, as the planner reckons
 * @param waiting calls that have got nothing yet
 * @param calls since the start
 * @param streamed waits for the first content of streams
 * @param whole waits for answers that are not streamed
 * @param perTokenNanos for each further token of a stream; 0: not known
 */
public record Vitals(
        State state,
        long untilNanos,
        double share,
        int ended,
        int failed,
        double failureShare,
        int waiting,
        long calls,
        Waits streamed,
        Waits whole,
        double perTokenNanos) {

    /** Whether a target takes part. */
    public enum State {
        /** It gets its traffic. */
        CLOSED,
        /** It is left out for a while. */
        OPEN,
        /** It may be tried by single requests, or is. */
        HALF_OPEN,
        /** It answers again, and gets its traffic back by degrees. */
        RETURNING
    }

    /**
     * The spread of waits.
     *
     * @param seen how many, those that fade included; 0: none
     * @param p50Nanos to a fifth; 0: not known
     */
    public record Waits(int seen, long p50Nanos, long p95Nanos) {}
}

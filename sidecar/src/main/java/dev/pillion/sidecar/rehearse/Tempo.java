package dev.pillion.sidecar.rehearse;

/**
 * How fast a virtual vendor's model is when all is well.
 *
 * @param firstMillis to the first token of a short prompt, on the average
 * @param promptMillis more for each thousand tokens of the prompt that no cache holds
 * @param tokenMillis for each token of the answer
 * @param spread of the first token's time, as a lognormal distribution's sigma
 */
public record Tempo(double firstMillis, double promptMillis, double tokenMillis, double spread) {
    private static final double NANOS = 1e6;

    /** Mean time to the first token. */
    double firstNanos(long freshTokens) {
        return (firstMillis + promptMillis * freshTokens / 1_000) * NANOS;
    }

    long answerNanos(long outputTokens) {
        return (long) (tokenMillis * outputTokens * NANOS);
    }
}

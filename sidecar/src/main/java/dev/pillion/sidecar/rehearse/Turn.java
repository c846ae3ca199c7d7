package dev.pillion.sidecar.rehearse;

/**
 * One request of the virtual crowd. Its words are not made up, only their numbers.
 *
 * @param number from 0
 * @param conversation what it goes on with
 * @param inputTokens of the whole prompt
 * @param prefixTokens of these, what the conversation's turn before had already
 * @param idleNanos since that turn; for a first one meaningless
 * @param guessedTokens what an estimator would take {@code inputTokens} for
 */
record Turn(
        long number,
        long arrivalNanos,
        long conversation,
        long inputTokens,
        long prefixTokens,
        long idleNanos,
        long outputTokens,
        long guessedTokens) {}

package dev.pillion.adapters.openai;

import org.jspecify.annotations.Nullable;

/**
 * Tells what a server sent over again: xAI has been seen to begin an answer with the assistant
 * message that the conversation ended with, and to send a piece of thinking twice.
 */
final class Repeats {
    /** Shorter pieces may well follow on themselves, as single tokens do. */
    private static final int MIN_THINKING_CHARS = 20;

    private final @Nullable String last;
    private boolean begun;
    private String thought = "";

    /** {@code last} is the assistant's text that the conversation ended with; null: another's. */
    Repeats(@Nullable String last) {
        this.last = last;
    }

    /** Whether this piece of text only repeats the conversation's end. */
    boolean text(String piece) {
        boolean first = !begun;
        begun = true;
        return first && piece.equals(last);
    }

    /** Whether this piece of thinking is the one before once more. */
    boolean thinking(String piece) {
        boolean again = piece.length() >= MIN_THINKING_CHARS && piece.equals(thought);
        thought = piece;
        return again;
    }
}

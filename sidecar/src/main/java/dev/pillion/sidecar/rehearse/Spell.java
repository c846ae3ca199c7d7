package dev.pillion.sidecar.rehearse;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A spell of bad weather at one virtual vendor's model.
 *
 * @param fromSeconds of virtual time
 * @param toSeconds exclusive
 * @param amount what {@code kind} says
 */
public record Spell(Kind kind, double fromSeconds, double toSeconds, double amount) {
    /** What is wrong. */
    public enum Kind {
        /** Answers 503 at once. */
        DOWN,
        /** Takes requests and never answers. */
        HANGS,
        /** Takes {@code amount} times as long. */
        SLOW,
        /** Answers that share of requests with 500. */
        FAILS,
        /** Cuts that share of answers in the middle. */
        CUTS,
        /** Takes so many requests a minute and answers the others with 429. */
        LIMITED,
        /** Costs {@code amount} times as much as before: told here, played by the price list. */
        PRICE;

        /** The word for programs. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean covers(long atNanos) {
        double seconds = atNanos / (double) TimeUnit.SECONDS.toNanos(1);
        return seconds >= fromSeconds && seconds < toSeconds;
    }

    /** In a few words for people, such as {@code 5 x as slow}. */
    public String text() {
        return switch (kind) {
            case DOWN -> "down";
            case HANGS -> "hangs";
            case SLOW -> rounded(amount) + " x as slow";
            case FAILS -> rounded(100 * amount) + " % fail";
            case CUTS -> rounded(100 * amount) + " % cut";
            case LIMITED -> rounded(amount) + " a minute";
            case PRICE -> rounded(amount) + " x the price";
        };
    }

    private static String rounded(double value) {
        return BigDecimal.valueOf(value)
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}

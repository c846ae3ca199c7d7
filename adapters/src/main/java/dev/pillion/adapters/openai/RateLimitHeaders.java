package dev.pillion.adapters.openai;

import dev.pillion.adapters.RateLimits;
import dev.pillion.protocol.wire.Headers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * {@code x-ratelimit-*} with Go-style durations, {@code retry-after} in seconds or as a date, and
 * {@code retry-after-ms}, which wins. Tokens are limited in total, prompt and answer together; they
 * are reported as the input's.
 */
public final class RateLimitHeaders {
    private RateLimitHeaders() {}

    /** Whether a client whose request went through gets that header of the answer. */
    public static boolean isHandedOn(String header) {
        return switch (header) {
            case "x-request-id",
                    "retry-after",
                    "retry-after-ms",
                    "openai-processing-ms",
                    "openai-version" ->
                    true;
            default -> header.startsWith("x-ratelimit-");
        };
    }

    public static RateLimits read(Headers reply) {
        Long requestsLeft = number(reply, "x-ratelimit-remaining-requests");
        Long tokensLeft = number(reply, "x-ratelimit-remaining-tokens");
        return new RateLimits(
                number(reply, "x-ratelimit-limit-requests"),
                requestsLeft,
                number(reply, "x-ratelimit-limit-tokens"),
                tokensLeft,
                null,
                null,
                later(
                        reset(reply, requestsLeft, "x-ratelimit-reset-requests"),
                        reset(reply, tokensLeft, "x-ratelimit-reset-tokens")));
    }

    private static @Nullable Duration reset(Headers reply, @Nullable Long left, String name) {
        String value = reply.get(name);
        return left == null || left > 0 || value == null ? null : GoDuration.parse(value);
    }

    private static @Nullable Duration later(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** How long the vendor asks to wait; null: it does not say. */
    static @Nullable Duration retryAfter(Headers reply) {
        String millis = reply.get("retry-after-ms");
        Duration precise = millis == null ? null : scaled(millis, 1_000_000);
        if (precise != null) {
            return precise;
        }
        String value = reply.get("retry-after");
        if (value == null) {
            return read(reply).resetIn();
        }
        Duration seconds = scaled(value, 1_000_000_000);
        return seconds == null ? untilDate(value, reply.get("date")) : seconds;
    }

    private static @Nullable Duration scaled(String value, long nanosPerUnit) {
        try {
            double nanos = Double.parseDouble(value.strip()) * nanosPerUnit;
            return nanos >= 0 && nanos < 1e17 ? Duration.ofNanos((long) nanos) : null;
        } catch (NumberFormatException e) {
            return null; // A date, or nonsense.
        }
    }

    /** By the vendor's own clock where it tells it, so that ours may be wrong. */
    private static @Nullable Duration untilDate(String value, @Nullable String date) {
        Instant until = instant(value);
        Instant said = date == null ? null : instant(date);
        if (until == null) {
            return null;
        }
        Duration wait = Duration.between(said == null ? Instant.now() : said, until);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static @Nullable Instant instant(String date) {
        try {
            return ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null; // Not a date: as good as not said.
        }
    }

    private static @Nullable Long number(Headers reply, String name) {
        String value = reply.get(name);
        if (value == null) {
            return null;
        }
        try {
            return Math.max(0, Long.parseLong(value.strip()));
        } catch (NumberFormatException e) {
            return null; // Not a number: as good as not said.
        }
    }
}

package dev.pillion.adapters.anthropic;

import dev.pillion.adapters.RateLimits;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rate-limit headers: {@code retry-after-ms}, {@code retry-after} in seconds or as an HTTP date,
 * and {@code anthropic-ratelimit-*}. Points in time are read against the answer's own {@code date}.
 */
final class Limits {
    private static final String PREFIX = "anthropic-ratelimit-";
    private static final Duration LONGEST = Duration.ofDays(31);

    private static final List<String> FAMILIES =
            List.of("requests", "input-tokens", "output-tokens", "tokens");

    private Limits() {}

    static RateLimits of(Headers reply) {
        return new RateLimits(
                number(reply, "requests-limit"),
                number(reply, "requests-remaining"),
                number(reply, "input-tokens-limit"),
                number(reply, "input-tokens-remaining"),
                number(reply, "output-tokens-limit"),
                number(reply, "output-tokens-remaining"),
                exhaustedFor(reply));
    }

    /** How long to wait; null where the vendor does not say. */
    static @Nullable Duration retryAfter(Headers reply, FaultKind kind) {
        Duration millis = count(reply.get("retry-after-ms"), 1);
        if (millis != null) {
            return millis;
        }
        String after = reply.get("retry-after");
        Duration seconds = count(after, 1_000);
        if (seconds != null) {
            return seconds;
        }
        if (after != null) {
            Duration until = until(httpDate(after), reply);
            if (until != null) {
                return until;
            }
        }
        return kind == FaultKind.RATE_LIMITED ? exhaustedFor(reply) : null;
    }

    private static @Nullable Duration count(@Nullable String text, long unitMillis) {
        if (text == null) {
            return null;
        }
        try {
            double value = Double.parseDouble(text.strip());
            return value >= 0 ? bounded(Duration.ofMillis((long) (value * unitMillis))) : null;
        } catch (NumberFormatException e) {
            return null; // A date, or nonsense: not a number is an answer here.
        }
    }

    /** Until the last of the limits that have nothing left is whole again. */
    private static @Nullable Duration exhaustedFor(Headers reply) {
        Duration longest = null;
        for (String family : FAMILIES) {
            Long remaining = number(reply, family + "-remaining");
            String reset = reply.get(PREFIX + family + "-reset");
            if (remaining == null || remaining > 0 || reset == null) {
                continue;
            }
            Duration until = until(instant(reset), reply);
            if (until != null && (longest == null || until.compareTo(longest) > 0)) {
                longest = until;
            }
        }
        return longest;
    }

    private static @Nullable Duration until(@Nullable Instant at, Headers reply) {
        if (at == null) {
            return null;
        }
        String date = reply.get("date");
        Instant now = date == null ? null : httpDate(date);
        Duration until = Duration.between(now == null ? Instant.now() : now, at);
        return until.isNegative() ? Duration.ZERO : bounded(until);
    }

    private static Duration bounded(Duration duration) {
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }

    private static @Nullable Instant instant(String text) {
        try {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text.strip(), Instant::from);
        } catch (DateTimeException e) {
            return null; // Not a time that we know: as if nothing were said.
        }
    }

    private static @Nullable Instant httpDate(String text) {
        try {
            return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null; // Not a time that we know: as if nothing were said.
        }
    }

    private static @Nullable Long number(Headers reply, String name) {
        String text = reply.get(PREFIX + name);
        if (text == null) {
            return null;
        }
        try {
            return Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null; // Not a count: as if nothing were said.
        }
    }
}

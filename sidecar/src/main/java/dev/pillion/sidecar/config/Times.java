package dev.pillion.sidecar.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and dates as documents write them: {@code 250ms}, {@code 2s}, {@code 2026-11-01}. */
final class Times {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(24);

    private Times() {}

    static @Nullable Duration duration(Cursor at) {
        var match = DURATION.matcher(scalar(at));
        if (!match.matches()) {
            at.wrong("a duration such as 250ms, 2s, 10m or 1h");
            return null;
        }
        long count = Long.parseLong(match.group(1));
        Duration value =
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                };
        if (value.isZero() || value.compareTo(LONGEST) > 0) {
            at.wrong("a duration from 1ms to 24h");
            return null;
        }
        return value;
    }

    static @Nullable LocalDate date(Cursor at) {
        try {
            return LocalDate.parse(scalar(at));
        } catch (DateTimeException e) {
            at.wrong("a date such as 2026-11-01");
            return null;
        }
    }

    /** A date is its first moment in UTC; a time needs its offset. */
    static @Nullable Instant instant(Cursor at) {
        String text = scalar(at);
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            at.wrong("a date such as 2026-11-01, or a time such as 2026-11-01T12:00:00Z");
            return null;
        }
    }

    private static String scalar(Cursor at) {
        return at.node() instanceof Node.Scalar s ? s.text() : "";
    }
}

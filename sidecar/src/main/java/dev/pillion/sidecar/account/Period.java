package dev.pillion.sidecar.account;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From an instant, up to and without another. */
public record Period(Instant since, Instant until) {
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhdw])");

    /**
     * The period between two moments, each a time ({@code 2026-11-22T14:00:00Z}, any offset), a day
     * (its beginning in UTC; {@code today} and {@code yesterday} are days) or how long ago it was
     * ({@code 90s}, {@code 30m}, {@code 24h}, {@code 7d}, {@code 2w}).
     *
     * @param since null: since ever
     * @param until null: up to and with all that there is
     * @throws IllegalArgumentException naming the word that is no moment
     */
    public static Period parse(@Nullable String since, @Nullable String until, Instant now) {
        Instant from = since == null ? Instant.EPOCH : moment("since", since, now);
        Instant to = until == null ? Instant.MAX : moment("until", until, now);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(
                    since == null
                            ? "until: '" + until + "' (expected: a moment after 1970)"
                            : "since: '" + since + "' is not before until: '" + until + "'");
        }
        return new Period(from, to);
    }

    private static Instant moment(String field, String word, Instant now) {
        Matcher ago = AGO.matcher(word);
        if (ago.matches()) {
            return now.minus(unit(ago.group(2)).multipliedBy(Long.parseLong(ago.group(1))));
        }
        Instant day = now.truncatedTo(ChronoUnit.DAYS);
        if (word.equals("today")) {
            return day;
        }
        if (word.equals("yesterday")) {
            return day.minus(Duration.ofDays(1));
        }
        try {
            return word.length() <= "2026-11-22".length()
                    ? LocalDate.parse(word).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(word).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    field
                            + ": '"
                            + word
                            + "' (expected: a time as 2026-11-22T14:00:00Z, a day as 2026-11-22,"
                            + " today or yesterday, or how long ago as 90s, 30m, 24h, 7d or 2w)",
                    e);
        }
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "w" -> Duration.ofDays(7);
            default -> Duration.ofDays(1);
        };
    }
}

package dev.pillion.sidecar.simulate.kit;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** How a rate-limited answer says when to come back. */
public enum RetryHint {
    NONE,
    SECONDS,
    HTTP_DATE,
    MILLIS,
    /** The vendor's own reset headers, and no {@code retry-after}. */
    RESET;

    /**
     * The headers that say it.
     *
     * @param reset the vendor's own
     */
    public Map<String, String> headers(Duration wait, Instant now, Map<String, String> reset) {
        return switch (this) {
            case NONE -> Map.of();
            case SECONDS -> Map.of("retry-after", Long.toString(wait.toSeconds()));
            case MILLIS -> Map.of("retry-after-ms", Long.toString(wait.toMillis()));
            case HTTP_DATE -> Map.of("retry-after", date(now.plus(wait)));
            case RESET -> reset;
        };
    }

    private static String date(Instant when) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(when.atOffset(ZoneOffset.UTC));
    }
}

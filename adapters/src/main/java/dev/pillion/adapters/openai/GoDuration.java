package dev.pillion.adapters.openai;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Go prints them: {@code 6m0s}, {@code 12ms}, {@code 1h2m3.5s}; also days. */
final class GoDuration {
    private static final int MAX_CHARS = 40;
    private static final Pattern STEP = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|µs|us|ns|d|h|m|s)");

    private GoDuration() {}

    /** Null when the text is no duration; a bare number counts seconds. */
    static @Nullable Duration parse(String text) {
        String value = text.strip();
        if (value.isEmpty() || value.length() > MAX_CHARS) {
            return null;
        }
        Matcher matcher =
                STEP.matcher(
                        Character.isDigit(value.charAt(value.length() - 1)) ? value + "s" : value);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (matcher.find() && matcher.start() == at) {
            at = matcher.end();
            nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(unit(matcher.group(2))));
        }
        boolean whole = at >= value.length() && at > 0;
        return whole && nanos.precision() - nanos.scale() <= 18
                ? Duration.ofNanos(nanos.longValue())
                : null;
    }

    private static BigDecimal unit(String unit) {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "d" -> 86_400_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "ms" -> 1_000_000L;
                    case "ns" -> 1L;
                    default -> 1_000L;
                });
    }
}

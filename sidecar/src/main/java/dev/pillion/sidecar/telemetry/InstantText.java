package dev.pillion.sidecar.telemetry;

import java.time.Instant;

/**
 * Writes moments as {@link Instant#toString} does, and remembers the second: many that follow each
 * other share it. One thread only.
 */
public final class InstantText {
    private static final int NANO_DIGITS = 9;

    private long second = Long.MIN_VALUE;
    private String untilFraction = "";

    /** The moment in RFC 3339's form, with as many digits of the second as it needs. */
    public String of(Instant moment) {
        if (moment.getEpochSecond() != second) {
            second = moment.getEpochSecond();
            String whole = Instant.ofEpochSecond(second).toString();
            untilFraction = whole.substring(0, whole.length() - 1); // without the Z
        }
        int nanos = moment.getNano();
        if (nanos == 0) {
            return untilFraction + "Z";
        }
        int digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : NANO_DIGITS;
        var text = new StringBuilder(untilFraction.length() + digits + 2);
        text.append(untilFraction).append('.');
        for (int place = 100_000_000, left = digits; left > 0; place /= 10, left--) {
            text.append((char) ('0' + nanos / place % 10));
        }
        return text.append('Z').toString();
    }
}

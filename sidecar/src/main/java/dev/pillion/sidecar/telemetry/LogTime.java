package dev.pillion.sidecar.telemetry;

import java.time.Instant;

/**
 * Writes times of a log as ISO 8601 with microseconds, in UTC. Most lines share their second with
 * the line before, so that its text is kept. One thread only.
 */
final class LogTime {
    private static final int DIGITS = 6;
    private static final int NANOS_PER_MICRO = 1_000;

    private long second = Long.MIN_VALUE;
    private String text = "";
    private final char[] micros = new char[DIGITS];

    String of(Instant time) {
        if (time.getEpochSecond() != second) {
            second = time.getEpochSecond();
            String whole = Instant.ofEpochSecond(second).toString();
            text = whole.substring(0, whole.length() - 1);
        }
        int left = time.getNano() / NANOS_PER_MICRO;
        for (int i = DIGITS - 1; i >= 0; i--) {
            micros[i] = (char) ('0' + left % 10);
            left /= 10;
        }
        return text + '.' + String.valueOf(micros) + 'Z';
    }
}

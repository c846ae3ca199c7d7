package dev.pillion.sidecar.config;

import java.time.Duration;

/**
 * How long each phase of a vendor call may take.
 *
 * @param connect name look-up, connect and TLS handshake
 * @param firstByte request written to first byte of the answer, when streaming
 * @param firstByteUnstreamed the same when not streaming, where the whole answer is made first
 * @param idle between two reads of an answer
 * @param total the whole call
 */
public record Timeouts(
        Duration connect,
        Duration firstByte,
        Duration firstByteUnstreamed,
        Duration idle,
        Duration total) {
    public static final Timeouts DEFAULTS =
            new Timeouts(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(20));
}

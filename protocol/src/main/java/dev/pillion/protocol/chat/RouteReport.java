package dev.pillion.protocol.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who answered, after which attempts, and why that one. */
public record RouteReport(
        String provider,
        String model,
        @Nullable String keyId,
        @Nullable Effort effortAsked,
        @Nullable Effort effortUsed,
        List<AttemptReport> attempts,
        String why) {

    /** One attempt: {@code outcome} is {@code ok} or a fault's kind; {@code millis} its length. */
    public record AttemptReport(String provider, String model, String outcome, long millis) {}
}

package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who answered, after which attempts, and why that one.
 *
 * @param explanation how it was planned; null: nobody asked for it
 */
public record RouteReport(
        String provider,
        String model,
        @Nullable String keyId,
        @Nullable Effort effortAsked,
        @Nullable Effort effortUsed,
        List<AttemptReport> attempts,
        String why,
        @Nullable JsonNode explanation) {

    /** One attempt: {@code outcome} is {@code ok} or a fault's kind; {@code millis} its length. */
    public record AttemptReport(String provider, String model, String outcome, long millis) {}
}

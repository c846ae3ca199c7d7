package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.RouteReport.AttemptReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an error answer is written for.
 *
 * @param provider who failed last; null when no vendor was asked
 * @param client what the client sent; null where its request could not be read
 * @param explanation how it was planned; null: it was not, or nobody asked for it
 */
public record ErrorContext(
        String requestId,
        @Nullable String provider,
        List<AttemptReport> attempts,
        @Nullable Surface client,
        @Nullable JsonNode explanation) {
    public ErrorContext(String requestId, @Nullable String provider, List<AttemptReport> attempts) {
        this(requestId, provider, attempts, null, null);
    }

    public ErrorContext(
            String requestId,
            @Nullable String provider,
            List<AttemptReport> attempts,
            @Nullable Surface client) {
        this(requestId, provider, attempts, client, null);
    }
}

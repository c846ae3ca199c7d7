package dev.pillion.adapters;

import dev.pillion.protocol.chat.RouteReport.AttemptReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an error answer is written for.
 *
 * @param provider who failed last; null when no vendor was asked
 * @param client what the client sent; null where its request could not be read
 */
public record ErrorContext(
        String requestId,
        @Nullable String provider,
        List<AttemptReport> attempts,
        @Nullable Surface client) {
    public ErrorContext(String requestId, @Nullable String provider, List<AttemptReport> attempts) {
        this(requestId, provider, attempts, null);
    }
}

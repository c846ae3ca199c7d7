package dev.pillion.adapters;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor says of the limits on the key used. Null: not said.
 *
 * @param resetIn how long until the first exhausted limit is whole again, as the vendor says
 */
public record RateLimits(
        @Nullable Long requestsLimit,
        @Nullable Long requestsRemaining,
        @Nullable Long inputTokensLimit,
        @Nullable Long inputTokensRemaining,
        @Nullable Long outputTokensLimit,
        @Nullable Long outputTokensRemaining,
        @Nullable Duration resetIn) {
    public static final RateLimits UNKNOWN =
            new RateLimits(null, null, null, null, null, null, null);
}

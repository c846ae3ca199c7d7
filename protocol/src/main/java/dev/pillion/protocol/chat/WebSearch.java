package dev.pillion.protocol.chat;

import dev.pillion.protocol.wire.Extras;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wish for web search.
 *
 * @param maxUses most searches in this request; null: not stated
 */
public record WebSearch(
        Via via,
        @Nullable Integer maxUses,
        List<String> allowedDomains,
        List<String> blockedDomains,
        @Nullable Location location,
        @Nullable CacheMark cache,
        Extras extras) {

    /** Who searches: the vendor, or Pillion. */
    public enum Via {
        AUTO,
        NATIVE,
        INJECT
    }

    /** Where the person asking is, roughly. */
    public record Location(
            @Nullable String city,
            @Nullable String region,
            @Nullable String country,
            @Nullable String timezone) {}
}

package dev.pillion.sidecar.admit;

import dev.pillion.sidecar.config.CallerConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A caller that may call.
 *
 * @param name what its requests are booked on
 * @param uid null on TCP
 * @param allow what it may use; null: everything
 */
public record Admitted(
        String name,
        @Nullable Long uid,
        Map<String, String> tags,
        CallerConfig.@Nullable Allow allow) {}

package dev.pillion.sidecar.admit;

import dev.pillion.sidecar.config.CallerConfig;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A caller that may call.
 *
 * @param name what its requests are booked on
 * @param account whose budget it spends: its own name, or the one that all others share
 * @param uid null on TCP
 * @param budgetUsdPerDay of the account; null: none
 * @param allow what it may use; null: everything
 */
public record Admitted(
        String name,
        String account,
        @Nullable Long uid,
        Map<String, String> tags,
        @Nullable BigDecimal budgetUsdPerDay,
        CallerConfig.@Nullable Allow allow) {}

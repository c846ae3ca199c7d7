package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may call, and how much. A uid may be listed by several callers: it may claim any of them.
 *
 * @param uids user ids of the kernel that may use this name; empty: not bound to any
 * @param budgetUsdPerDay null: none
 * @param allow null: everything
 */
public record CallerConfig(
        String name,
        Set<Long> uids,
        Limits limits,
        @Nullable BigDecimal budgetUsdPerDay,
        @Nullable Allow allow) {

    public CallerConfig {
        uids = Set.copyOf(uids);
    }

    /** Requests and tokens a minute, and requests at a time; null: no limit. */
    public record Limits(@Nullable Long rpm, @Nullable Long tpm, @Nullable Long concurrency) {
        public static final Limits NONE = new Limits(null, null, null);
    }

    /** What a caller may use; a null set allows all. */
    public record Allow(@Nullable Set<ModelClass> classes, @Nullable Set<String> providers) {}
}

package dev.pillion.protocol.chat;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the caller will pay, in US dollars, and how long it will wait. Null: no bound stated. */
public record Budget(@Nullable BigDecimal maxUsd, @Nullable Duration deadline) {
    public static final Budget NONE = new Budget(null, null);
}

package dev.pillion.protocol.chat;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What an answer cost, in US dollars. {@code usd} null: the price is not known (never 0). */
public record Cost(@Nullable BigDecimal usd, boolean estimated, @Nullable LocalDate pricesAsOf) {
    public static final Cost UNKNOWN = new Cost(null, false, null);
}

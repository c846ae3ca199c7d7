package dev.pillion.protocol.chat;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How tokens are drawn. Null: the vendor's default. */
public record Sampling(
        @Nullable BigDecimal temperature, @Nullable BigDecimal topP, @Nullable Long seed) {
    public static final Sampling DEFAULT = new Sampling(null, null, null);
}

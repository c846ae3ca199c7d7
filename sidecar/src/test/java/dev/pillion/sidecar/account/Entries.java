package dev.pillion.sidecar.account;

import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries for tests. */
final class Entries {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Entries() {}

    /** With every field saying something. */
    static Entry full(String requestId, int attempt) {
        return new Entry(
                NOON.plusMillis(attempt),
                requestId,
                attempt,
                "billing",
                1001L,
                Map.of("team", "a\"b,c", "ümlaut", "日本"),
                "messages",
                "fast",
                "anthropic",
                "claude-x",
                "a1",
                true,
                "ok",
                1234,
                new Usage(100, 20, 10, 5, 50, 30, 3, 2, 4, "priority", true, 7, 8),
                new Cost(new BigDecimal("0.0000012345678901"), true, LocalDate.of(2026, 11, 1)));
    }

    static Entry of(
            Instant ts, String requestId, int attempt, String provider, @Nullable String usd) {
        return new Entry(
                ts,
                requestId,
                attempt,
                "default",
                null,
                Map.of(),
                "generate",
                null,
                provider,
                "m-" + provider,
                null,
                false,
                usd == null ? "timeout" : "ok",
                1,
                new Usage(10, 0, 0, 0, 5, 0, 0, 0, 0, null, usd == null),
                new Cost(usd == null ? null : new BigDecimal(usd), usd == null, null));
    }
}

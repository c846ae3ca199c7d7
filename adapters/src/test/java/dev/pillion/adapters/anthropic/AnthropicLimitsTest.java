package dev.pillion.adapters.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.pillion.adapters.RateLimits;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class AnthropicLimitsTest {
    private static final String NOON = "Sun, 22 Nov 2026 12:00:00 GMT";

    @Test
    void theLimitsOfTheKeyAreRead() {
        var headers =
                Headers.of(
                        "date", NOON,
                        "anthropic-ratelimit-requests-limit", "4000",
                        "anthropic-ratelimit-requests-remaining", "0",
                        "anthropic-ratelimit-requests-reset", "2026-11-22T12:00:10Z",
                        "anthropic-ratelimit-input-tokens-limit", "400000",
                        "anthropic-ratelimit-input-tokens-remaining", "399000",
                        "anthropic-ratelimit-output-tokens-limit", "80000",
                        "anthropic-ratelimit-output-tokens-remaining", "nonsense");
        assertEquals(
                new RateLimits(
                        4000L, 0L, 400_000L, 399_000L, 80_000L, null, Duration.ofSeconds(10)),
                new AnthropicProvider().rateLimits(headers));
        assertEquals(RateLimits.UNKNOWN, new AnthropicProvider().rateLimits(Headers.NONE));
    }

    @Test
    @DisplayName("F19 the pause is read in seconds, as a date, in milliseconds and from the resets")
    void retryAfterInAllForms() {
        assertEquals(Duration.ofSeconds(12), after("retry-after", "12"));
        assertEquals(Duration.ofMillis(500), after("retry-after", "0.5"));
        assertEquals(Duration.ofMillis(1500), after("retry-after", "9", "retry-after-ms", "1500"));
        assertEquals(
                Duration.ofSeconds(30),
                after("date", NOON, "retry-after", "Sun, 22 Nov 2026 12:00:30 GMT"));
        assertEquals(
                Duration.ZERO, after("date", NOON, "retry-after", "Sun, 22 Nov 2026 11:00:00 GMT"));
        assertEquals(
                Duration.ofSeconds(42),
                after(
                        "date", NOON,
                        "anthropic-ratelimit-tokens-remaining", "0",
                        "anthropic-ratelimit-tokens-reset", "2026-11-22T12:00:42Z"));
        assertNull(after("retry-after", "soon"));
        assertNull(after("retry-after", "-1"));
    }

    private static Duration after(String... headers) {
        return Limits.retryAfter(Headers.of(headers), FaultKind.RATE_LIMITED);
    }
}

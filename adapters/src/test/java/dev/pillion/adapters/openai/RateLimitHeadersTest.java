package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.pillion.protocol.wire.Headers;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitHeadersTest {
    @ParameterizedTest
    @CsvSource({
        "1s,1000",
        "6m0s,360000",
        "12ms,12",
        "1h2m3.5s,3723500",
        "1d,86400000",
        "500µs,0",
        "7,7000",
        "0s,0"
    })
    void durationsAreReadAsGoPrintsThem(String text, long millis) {
        assertEquals(millis, GoDuration.parse(text).toMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "1x", "s", "1s!", "-1s", "99999999999999999999h"})
    void whatIsNoDurationIsNotSaid(String text) {
        assertNull(GoDuration.parse(text));
    }

    @Test
    @DisplayName("F19: milliseconds win over seconds, and a date counts from the vendor's own")
    void millisecondsWinOverSeconds() {
        assertEquals(
                Duration.ofMillis(1250),
                RateLimitHeaders.retryAfter(
                        Headers.of("retry-after", "2", "retry-after-ms", "1250")));
        assertEquals(
                Duration.ofMillis(1500),
                RateLimitHeaders.retryAfter(Headers.of("retry-after", "1.5")));
        assertEquals(
                Duration.ofSeconds(9),
                RateLimitHeaders.retryAfter(
                        Headers.of(
                                "date",
                                "Sun, 22 Nov 2026 10:00:00 GMT",
                                "retry-after",
                                "Sun, 22 Nov 2026 10:00:09 GMT")));
        assertNull(RateLimitHeaders.retryAfter(Headers.of("retry-after", "later")));
    }

    @Test
    void limitsAreReadFromTheHeaders() {
        var limits =
                new OpenAiProvider()
                        .rateLimits(
                                Headers.of(
                                        "x-ratelimit-limit-requests", "60",
                                        "x-ratelimit-remaining-requests", "0",
                                        "x-ratelimit-reset-requests", "1s",
                                        "x-ratelimit-limit-tokens", "150000",
                                        "x-ratelimit-remaining-tokens", "149984",
                                        "x-ratelimit-reset-tokens", "6m0s"));
        assertEquals(60, limits.requestsLimit());
        assertEquals(0, limits.requestsRemaining());
        assertEquals(149_984, limits.inputTokensRemaining());
        assertEquals(Duration.ofSeconds(1), limits.resetIn());
    }
}

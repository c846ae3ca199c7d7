package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReportTest {
    private static final Instant NOON = Entries.NOON;

    /** Two requests, one of which failed over from a vendor that may have charged for it. */
    private static final List<Entry> ENTRIES =
            List.of(
                    Entries.of(NOON, "r1", 1, "openai", null),
                    Entries.of(NOON, "r1", 2, "anthropic", "0.1"),
                    Entries.of(NOON.plus(Duration.ofDays(1)), "r2", 1, "anthropic", "0.2"));

    private static JsonNode report(String by) {
        var report = new UsageReport(GroupBy.parse(by));
        ENTRIES.forEach(report::add);
        return report.json(List.of());
    }

    @Test
    void aRequestCountsOnceInEachRowAndOnceInTheTotal() {
        JsonNode report = report("provider");
        assertEquals(
                "[{\"provider\":\"anthropic\",\"requests\":2,\"attempts\":2,\"input_tokens\":20,"
                        + "\"cached_input_tokens\":0,\"cache_write_tokens\":0,\"output_tokens\":10,"
                        + "\"thinking_tokens\":0,\"web_searches\":0,\"cost_usd\":\"0.3\","
                        + "\"estimated\":0,\"unpriced\":0},"
                        + "{\"provider\":\"openai\",\"requests\":1,\"attempts\":1,"
                        + "\"input_tokens\":10,\"cached_input_tokens\":0,\"cache_write_tokens\":0,"
                        + "\"output_tokens\":5,\"thinking_tokens\":0,\"web_searches\":0,"
                        + "\"cost_usd\":\"0\",\"estimated\":1,\"unpriced\":1}]",
                report.path("rows").toString());
        assertEquals(2, report.path("total").path("requests").asInt());
        assertEquals(3, report.path("total").path("attempts").asInt());
        assertEquals("0.3", report.path("total").path("cost_usd").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "caller, 1, default",
        "model, 2, m-anthropic",
        "key, 2, (none)",
        "hour, 2, 2026-11-22T12:00:00Z",
        "day, 2, 2026-11-22",
        "tag:team, 1, (none)",
        "'provider,day', 3, anthropic"
    })
    void rowsAreByWhatIsAsked(String by, int rows, String first) {
        JsonNode report = report(by);
        assertEquals(rows, report.path("rows").size());
        String field = by.contains(",") ? "provider" : by;
        assertEquals(first, report.path("rows").path(0).path(field).asText());
    }

    @Test
    void sumsAreExact() {
        var report = new UsageReport(GroupBy.parse("caller"));
        for (int i = 0; i < 1_000; i++) {
            report.add(Entries.of(NOON, "r" + i, 1, "xai", "0.0000000001"));
        }
        assertEquals("0.0000001", report.json(List.of()).path("total").path("cost_usd").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "colour", "tag:", "caller,", "Caller"})
    void whatIsNoGroupIsNamedAndWhatWasExpected(String by) {
        var e = assertThrows(IllegalArgumentException.class, () -> GroupBy.parse(by));
        assertTrue(String.valueOf(e.getMessage()).contains("expected: caller, model"));
    }

    @ParameterizedTest
    @CsvSource({
        "24h, 2026-11-21T12:00:00Z",
        "7d, 2026-11-15T12:00:00Z",
        "90s, 2026-11-22T11:58:30Z",
        "30m, 2026-11-22T11:30:00Z",
        "2w, 2026-11-08T12:00:00Z",
        "today, 2026-11-22T00:00:00Z",
        "yesterday, 2026-11-21T00:00:00Z",
        "2026-11-01T10:00:00.5z, 2026-11-01T10:00:00.500Z",
        "2026-11-01, 2026-11-01T00:00:00Z",
        "2026-11-01T10:00:00+02:00, 2026-11-01T08:00:00Z"
    })
    void momentsAreTimesDaysOrHowLongAgo(String since, String expected) {
        Period period = Period.parse(since, null, NOON);
        assertEquals(Instant.parse(expected), period.since());
        assertEquals(Instant.MAX, period.until());
    }

    @ParameterizedTest
    @CsvSource({
        "tomorrow,",
        "2026-11-01T10:00,",
        "2026-13-01,",
        "2026-11-22, 2026-11-22",
        "-5h,",
        "1h, 2h"
    })
    void whatIsNoPeriodIsNamed(String since, String until) {
        var e =
                assertThrows(
                        IllegalArgumentException.class, () -> Period.parse(since, until, NOON));
        assertTrue(String.valueOf(e.getMessage()).startsWith("since: '" + since + "'"));
    }
}

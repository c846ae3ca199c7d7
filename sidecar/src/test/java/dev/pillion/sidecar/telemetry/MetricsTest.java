package dev.pillion.sidecar.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The counters: exact, bounded in number, and in a form that Prometheus reads. */
class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-z_]+)(?:\\{((?:[a-z]+=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\",?)+)})?"
                            + " ([0-9.]+(?:E-?[0-9]+)?)");

    private final Metrics metrics =
            new Metrics(new Metrics.Bounds(5, 5, 40), name -> name.equals("known"));

    private long samples(String start) {
        return metrics.text().lines().filter(line -> line.startsWith(start)).count();
    }

    private BigDecimal sum(String name) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .map(line -> new BigDecimal(line.substring(line.lastIndexOf(' ') + 1)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void sumsAreExactAndByAttempt() {
        for (int i = 0; i < 3; i++) {
            metrics.count(RequestLogTest.record("me", "parrot", 200, "ok"));
        }
        assertEquals(new BigDecimal("0.0000000003"), sum("pillion_cost_usd_total"));
        assertEquals(BigDecimal.valueOf(3), sum("pillion_request_count_total"));
        assertEquals(BigDecimal.valueOf(6), sum("pillion_attempt_count_total"));
        assertEquals(BigDecimal.valueOf(3), sum("pillion_unpriced_count_total"));
        assertEquals(BigDecimal.valueOf(33), sum("pillion_tokens_input_total"));
        assertEquals(BigDecimal.valueOf(9), sum("pillion_tokens_cache_write_total"));
        assertEquals(BigDecimal.valueOf(3), sum("pillion_websearch_count_total"));
        assertTrue(
                metrics.text()
                        .contains(
                                "pillion_attempt_count_total{surface=\"generate\",provider=\"house\","
                                    + "model=\"parrot\",class=\"fast\",caller=\"me\",outcome=\"timeout\"}"
                                    + " 3\n"));
    }

    @Test
    void inventedNamesMakeNoEndOfSeriesAndLoseNoCount() {
        for (int i = 0; i < 1_000; i++) {
            metrics.count(RequestLogTest.record("caller" + i, "model" + i, 200, "ok"));
        }
        metrics.count(RequestLogTest.record("known", "model0", 200, "ok"));
        assertEquals(BigDecimal.valueOf(1_001), sum("pillion_request_count_total"));
        assertTrue(samples("pillion_request_count_total{") <= 10);
        assertTrue(metrics.text().contains("caller=\"known\""));
        assertTrue(metrics.text().contains("model=\"other\",class=\"fast\",caller=\"other\""));
        assertTrue(sum("pillion_series_overflow_total").intValueExact() >= 995);
    }

    @Test
    void inventedOutcomesHaveABoundToo() {
        for (int i = 0; i < 1_000; i++) {
            metrics.count(RequestLogTest.record("me", "parrot", 200, "outcome" + i));
        }
        assertEquals(BigDecimal.valueOf(1_000), sum("pillion_request_count_total"));
        assertTrue(samples("pillion_request_count_total{") <= 81);
    }

    @Test
    void everyLineIsInPrometheussTextFormat() {
        metrics.count(RequestLogTest.record("q\"uo\\te\nline", "\ud800é", 200, "ok"));
        metrics.gauge("pillion_some_gauge", "Something.", () -> 7);
        Set<String> typed = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (String line : metrics.text().lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                List<String> words = List.of(line.split(" ", -1));
                assertTrue(typed.add(words.get(2)), "twice: " + line);
                assertTrue(words.get(2).endsWith("_total") == words.get(3).equals("counter"), line);
            } else if (!line.startsWith("# HELP ")) {
                Matcher sample = SAMPLE.matcher(line);
                assertTrue(sample.matches(), line);
                String name = sample.group(1).replaceFirst("_(sum|count)$", "");
                assertTrue(typed.contains(name) || typed.contains(sample.group(1)), line);
                assertTrue(seen.add(line.substring(0, line.lastIndexOf(' '))), line);
            }
        }
        assertTrue(metrics.text().endsWith("\n"));
    }
}

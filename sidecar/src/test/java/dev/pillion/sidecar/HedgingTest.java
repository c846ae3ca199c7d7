package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.account.Entry;
import dev.pillion.sidecar.account.Period;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.Misbehaviour.Slow;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A vendor that is silent for longer than usual gets company, on every surface. */
class HedgingTest {
    private static final int TAUGHT = 25;

    /** Vendors of two formats, so that either is reached as it is by one and by translation. */
    private static final List<List<String>> ORDERS =
            List.of(
                    List.of("anthropic/claude-sonnet-5-5", "openai/gpt-6.1-terra"),
                    List.of("openai/gpt-6.1-terra", "anthropic/claude-sonnet-5-5"),
                    List.of("gemini/gemini-4-hydrogen", "openai/gpt-6.1-terra"));

    private static Stream<Arguments> cases() {
        List<Misbehaviour> silences = List.of(new Slow(30_000), new Break(0, How.HANG));
        return ORDERS.stream()
                .flatMap(order ->
                        silences.stream()
                                .flatMap(silence ->
                                        Stream.of(true, false)
                                                .map(s -> Arguments.of(order, silence, s))));
    }

    /** Answers of a millisecond are soon four times as slow; nobody is to be left out for that. */
    private static String config(List<String> order) {
        return TestSidecar.FOUR.replaceAll(": 2s", ": 60s")
                + "routing: {breaker: {slow: 1000}, classes: {balanced: {order: ["
                + String.join(", ", order)
                + "]}}}\n";
    }

    @ParameterizedTest
    @MethodSource("cases")
    @DisplayName("F7 F14 F37 F42: a silent vendor is overtaken, cancelled, and booked once")
    void aSilentVendorIsOvertaken(List<String> order, Misbehaviour silence, boolean stream)
            throws Exception {
        try (TestSidecar bed = TestSidecar.start(config(order))) {
            String slow = order.getFirst().split("/", 2)[0];
            String fast = order.getLast().split("/", 2)[0];
            teach(bed, stream, slow);
            bed.vendor(slow).faults().always(silence);
            for (Way way : Stream.of(Way.values()).filter(Way::streams).toList()) {
                String what = way + " over " + slow + " and " + fast;
                bed.vendor(slow).log().clear();
                HttpResponse<String> answer =
                        bed.post(
                                way.path("class:balanced", stream),
                                way.body("class:balanced", "needle" + way, stream),
                                "x-pillion-hedge",
                                "on");
                check(bed, answer, "needle" + way, List.of(slow, fast), what);
                assertTrue(
                        bed.vendor(slow)
                                .log()
                                .await(Duration.ofSeconds(10), log -> log.cancelledCount() == 1),
                        what + ": the loser is not cancelled");
            }
        }
    }

    private static void teach(TestSidecar bed, boolean stream, String first) throws Exception {
        for (int i = 0; i < TAUGHT; i++) {
            HttpResponse<String> answer =
                    bed.post(
                            "/v1/generate",
                            Way.GENERATE.body("class:balanced", "hi", stream),
                            "x-pillion-hedge",
                            "off");
            assertEquals(first, header(answer, "x-pillion-provider"), answer.body());
        }
    }

    private static void check(
            TestSidecar bed,
            HttpResponse<String> answer,
            String text,
            List<String> vendors,
            String what)
            throws Exception {
        assertEquals(200, answer.statusCode(), what + ": " + answer.body());
        assertEquals(vendors.getLast(), header(answer, "x-pillion-provider"), what);
        assertEquals("2", header(answer, "x-pillion-attempts"), what);
        assertTrue(answer.body().contains(text), what + ": " + answer.body());
        assertFalse(answer.body().contains("\"error\":{"), what + ": " + answer.body());
        List<Entry> booked = booked(bed, header(answer, "x-pillion-request-id"));
        assertEquals(2, booked.size(), what);
        Entry loser = booked.getFirst();
        Entry winner = booked.getLast();
        assertEquals(vendors.getFirst() + " hedged", loser.provider() + " " + loser.outcome());
        assertEquals(vendors.getLast() + " ok", winner.provider() + " " + winner.outcome());
        assertTrue(loser.usage().estimated() || loser.usage().inputTokens() > 0, what);
        assertEquals(0, bed.sidecar.inflight(), what);
        assertNull(bed.vendor(vendors.getLast()).log().trouble(), what);
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static List<Entry> booked(TestSidecar bed, String requestId) throws Exception {
        List<Entry> booked = new ArrayList<>();
        bed.sidecar
                .ledger()
                .read(
                        Period.parse(null, null, Instant.now()),
                        entry -> {
                            if (entry.requestId().equals(requestId)) {
                                booked.add(entry);
                            }
                        });
        return booked;
    }
}

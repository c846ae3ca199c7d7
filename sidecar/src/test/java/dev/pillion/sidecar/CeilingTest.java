package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request may cost at most, on every surface, before a vendor hears of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CeilingTest {
    private static final String CEILING = "x-pillion-max-cost-usd";

    private static final String SEARCH =
            """
            {"model": "anthropic/claude-sonnet-5-5", "websearch": {%s}, "budget": {"max_usd": 1},
             "output": {"max_tokens": 100}, "messages": [{"role": "user", "content": "News?"}]}
            """;

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
    }

    static Stream<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (Way way : Way.values()) {
            boolean counts = way.compareTo(Way.COUNT_MESSAGES) >= 0;
            if (!counts) {
                ways.add(Arguments.of(way, way.own, false));
                ways.add(Arguments.of(way, way.other, false));
            }
            if (way.streams()) {
                ways.add(Arguments.of(way, way.own, true));
                ways.add(Arguments.of(way, way.other, true));
            }
        }
        return ways.stream();
    }

    private long asked() {
        return Stream.of(bed.anthropic, bed.openai, bed.gemini, bed.xai)
                .mapToLong(vendor -> vendor.log().requestCount())
                .sum();
    }

    private HttpResponse<String> ask(Way way, String model, boolean stream, String ceiling)
            throws Exception {
        String body = way.body(model, "hello", stream);
        return bed.post(way.path(model, stream), body, CEILING, ceiling);
    }

    @ParameterizedTest(name = "{0} {1} stream={2}")
    @MethodSource("ways")
    void whatMayCostMoreIsRefusedBeforeAVendorHearsOfIt(Way way, String model, boolean stream)
            throws Exception {
        long before = asked();
        HttpResponse<String> refused = ask(way, model, stream, "0.000000001");
        assertTrue(
                refused.statusCode() == 402 || refused.statusCode() == 429,
                refused.statusCode() + ": " + refused.body());
        assertTrue(refused.body().contains("over the cost ceiling"), refused.body());
        assertEquals(before, asked(), "a vendor was asked");
        HttpResponse<String> answered = ask(way, model, stream, "5");
        assertEquals(200, answered.statusCode(), answered.body());
    }

    @Test
    void ofAClassTheOnesThatAreCheapEnoughStay() throws Exception {
        HttpResponse<String> answer =
                bed.post(
                        "/v1/generate",
                        """
                        {"class": "frontier", "output": {"max_tokens": 1000},
                         "budget": {"max_usd": 0.02},
                         "messages": [{"role": "user", "content": "hi"}]}
                        """);
        assertEquals(200, answer.statusCode(), answer.body());
        String why = TestSidecar.json(answer).at("/route/why").asText();
        assertTrue(why.contains("over the cost ceiling: up to 0.0"), why);
    }

    @Test
    void aSearchWithoutALimitHasNoBound() throws Exception {
        HttpResponse<String> refused = bed.post("/v1/generate", SEARCH.formatted(""));
        assertEquals(402, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("websearch.max_uses"), refused.body());
        assertEquals(
                200, bed.post("/v1/generate", SEARCH.formatted("\"max_uses\": 2")).statusCode());
    }

    @Test
    void anOperatorMayStateHowManySearchesToReckonWith() throws Exception {
        String config = TestSidecar.FOUR + "websearch: {assumed_searches: 3}\n";
        try (TestSidecar stated = TestSidecar.start(config)) {
            String body = SEARCH.formatted("").replace("\"max_usd\": 1", "\"max_usd\": 3");
            HttpResponse<String> answer = stated.post("/v1/generate", body);
            assertEquals(200, answer.statusCode(), answer.body());
            HttpResponse<String> tooDear =
                    stated.post("/v1/generate", body.replace("\"max_usd\": 3", "\"max_usd\": 0.5"));
            assertEquals(402, tooDear.statusCode(), tooDear.body());
        }
    }

    @Test
    @DisplayName("what a vendor bills is within the ceiling that just admitted the request")
    void whatIsBilledIsWithinTheCeiling() throws Exception {
        var random = new SplittableRandom(20261123);
        List<Way> surfaces = Stream.of(Way.values()).filter(Way::streams).toList();
        int admitted = 0;
        for (int i = 0; i < 150; i++) {
            Way way = surfaces.get(random.nextInt(surfaces.size()));
            String model = random.nextBoolean() ? way.own : way.other;
            String text = "word ".repeat(random.nextInt(1, 400)).strip();
            var ceiling = BigDecimal.valueOf(random.nextLong(1, 200_000), 6);
            String body = way.body(model, text, false);
            HttpResponse<String> answer =
                    bed.post(way.path(model, false), body, CEILING, ceiling.toPlainString());
            if (answer.statusCode() == 200) {
                String cost = answer.headers().firstValue("x-pillion-cost-usd").orElseThrow();
                assertTrue(new BigDecimal(cost).compareTo(ceiling) <= 0, cost + " of " + ceiling);
                admitted++;
            }
        }
        assertTrue(admitted > 20 && admitted < 150, admitted + " of 150 were admitted");
    }
}

package dev.pillion.sidecar.exchange;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.account.Entry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One vendor is silent for too long, a second is asked besides: whoever has content first wins. */
class HedgeTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = "{\"stream\":true,\"route\":{\"hedge\":true}," + MESSAGES;
    private static final String WHOLE = "{\"route\":{\"hedge\":true}," + MESSAGES;
    private static final String PASSED =
            "{\"model\":\"class:balanced\",\"max_tokens\":9,\"stream\":true," + MESSAGES;
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";

    /** What answers take here as a rule, and a time by which a second one is asked. */
    private static final Duration USUAL = Duration.ofMillis(100);

    private static final Duration TOO_LONG = Duration.ofMillis(130);

    private FlowBed bed = new FlowBed();
    private int taught;

    @AfterEach
    void everythingIsGivenBack() {
        assertEquals(0, bed.budget.heldBytes(), "bytes of the budget");
        assertEquals(0, bed.loop.pending(), "timers that keep the exchange in memory");
        bed.close();
    }

    private void with(String config) {
        bed.close();
        bed = new FlowBed(config);
    }

    /** So many answers teach how long the first vendor usually takes. */
    private void teach(String body) {
        teach(body, 5);
    }

    private void teach(String body, int answers) {
        taught = answers;
        for (int i = 0; i < answers; i++) {
            FakeClient client = bed.generate(body);
            bed.loop.pass(USUAL);
            assertEquals("http://a.test", asked(bed.vendors.last()));
            if (body.contains("stream")) {
                streams(bed.vendors.last(), "taught");
            } else {
                bed.vendors.last().answers(200, JSON, FlowBed.ANTHROPIC_OK);
            }
            assertEquals(200, client.status, client.text());
        }
        bed.vendors.calls.clear();
    }

    private static String asked(FakeVendors.Call call) {
        return call.request.endpoint().base().toString();
    }

    private static void begins(FakeVendors.Call call, String word) {
        call.head(200, EVENTS);
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO.replace("hello", word));
    }

    private static void streams(FakeVendors.Call call, String word) {
        begins(call, word);
        call.says(FlowBed.END);
        call.ends();
    }

    /** The first one has the request and is silent until a second one is asked. */
    private FakeClient hedged(String body, String... headers) {
        return hedgedAt("/v1/generate", body, headers);
    }

    private FakeClient hedgedAt(String path, String body, String... headers) {
        FakeClient client = bed.post(path, body, headers);
        first().takes();
        bed.loop.pass(TOO_LONG);
        assertEquals(2, bed.vendors.calls.size(), "vendors asked");
        assertEquals("http://a.test", asked(first()));
        assertEquals("http://b.test", asked(second()));
        second().takes();
        return client;
    }

    private FakeVendors.Call first() {
        return bed.vendors.calls.getFirst();
    }

    private FakeVendors.Call second() {
        return bed.vendors.calls.get(1);
    }

    /** The records of the last request, in the order in which its attempts ended. */
    private List<Entry> booked(int count) {
        List<Entry> all = bed.booked();
        return all.subList(taught, taught + count);
    }

    private static String how(Entry entry) {
        return entry.provider() + " " + entry.outcome();
    }

    @Test
    @DisplayName("F14 F37: the second one has content first: the first is cancelled, and is booked")
    void theSecondOneWins() {
        teach(STREAM);
        FakeClient client = hedged(STREAM);
        first().head(200, EVENTS);
        first().says(FlowBed.START + FlowBed.BLOCK);
        assertEquals(0, client.status);
        begins(second(), "second-words");
        assertTrue(first().cancelled);
        first().says(FlowBed.HELLO.replace("hello", "first-words"));
        second().says(FlowBed.END);
        second().ends();
        assertEquals("second", client.header("x-pillion-provider"));
        assertEquals("2", client.header("x-pillion-attempts"));
        assertEquals(1, client.count("event: start"));
        assertEquals(1, client.count("event: done"));
        assertEquals(1, client.count("second-words"));
        assertFalse(client.text().contains("first-words"), client.text());
        List<Entry> booked = booked(2);
        assertEquals(List.of("anthropic hedged", "second ok"), names(booked));
        assertEquals(10, booked.getFirst().usage().inputTokens(), "as the vendor told at once");
        assertEquals(7, bed.booked().size());
    }

    private static List<String> names(List<Entry> booked) {
        return booked.stream().map(HedgeTest::how).toList();
    }

    @Test
    @DisplayName("F37 F42: of a loser that told nothing the usage is estimated, and marked as that")
    void theLosersUsageIsEstimated() {
        teach(STREAM);
        hedged(STREAM);
        streams(second(), "fast");
        Entry loser = booked(2).getFirst();
        assertTrue(loser.usage().estimated());
        assertTrue(loser.cost().estimated());
        assertTrue(loser.usage().inputTokens() > 0);
        assertEquals(0, loser.usage().outputTokens());
        assertTrue(bed.log().contains("\"outcome\":\"hedged\""));
    }

    @Test
    void theFirstOneWinsAfterAll() {
        teach(STREAM);
        FakeClient client = hedged(STREAM);
        begins(first(), "first-words");
        assertTrue(second().cancelled);
        assertFalse(first().cancelled);
        first().says(FlowBed.END);
        first().ends();
        assertEquals("anthropic", client.header("x-pillion-provider"));
        assertEquals("2", client.header("x-pillion-attempts"));
        assertEquals(1, client.count("event: done"));
        assertEquals(List.of("second hedged", "anthropic ok"), names(booked(2)));
    }

    @Test
    void wholeAnswersRaceToo() {
        teach(WHOLE);
        FakeClient client = hedged(WHOLE);
        second().head(200, JSON);
        second().says(FlowBed.ANTHROPIC_OK.substring(0, 40));
        assertFalse(first().cancelled, "half an answer wins nothing");
        second().says(FlowBed.ANTHROPIC_OK.substring(40));
        second().ends();
        assertTrue(first().cancelled);
        assertEquals("second", client.header("x-pillion-provider"));
        assertEquals("2", client.header("x-pillion-attempts"));
        assertTrue(client.text().contains("\"outcome\":\"hedged\""), client.text());
        assertEquals(List.of("anthropic hedged", "second ok"), names(booked(2)));
    }

    @Test
    void whatGoesThroughAsItIsRacesToo() {
        teach(STREAM);
        FakeClient client = hedgedAt("/v1/messages", PASSED, "x-pillion-hedge", "on");
        first().head(200, EVENTS);
        first().says(FlowBed.START.replace("msg_1", "msg_of_first"));
        begins(second(), "second-words");
        second().says(FlowBed.END);
        second().ends();
        assertTrue(first().cancelled);
        assertEquals(1, client.count("event: message_start"));
        assertEquals(1, client.count("event: message_stop"));
        assertFalse(client.text().contains("msg_of_first"), client.text());
        assertEquals(List.of("anthropic hedged", "second ok"), names(booked(2)));
    }

    @Test
    void theClassMayWantIt() {
        with(FlowBed.CONFIG.replace("{order: [", "{hedge: true, order: ["));
        String body = "{\"stream\":true," + MESSAGES;
        teach(body);
        hedged(body);
        streams(second(), "fast");
        bed.vendors.calls.clear();
        FakeClient client = bed.generate(body, "x-pillion-hedge", "off");
        bed.loop.pass(TOO_LONG);
        assertEquals(1, bed.vendors.calls.size(), "the header has the last word");
        streams(first(), "slow");
        assertTrue(client.finished);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "x-pillion-hedge, off", "x-pillion-failover, off"})
    void nobodyIsAskedBesidesUnlessThatIsWanted(String header, String value) {
        teach(STREAM);
        String body = header.isEmpty() ? "{\"stream\":true," + MESSAGES : STREAM;
        String[] headers = header.isEmpty() ? new String[0] : new String[] {header, value};
        FakeClient client = bed.generate(body, headers);
        bed.loop.pass(TOO_LONG);
        assertEquals(1, bed.vendors.calls.size());
        streams(first(), "slow");
        assertTrue(client.finished);
    }

    @Test
    void whileItIsNotKnownWhatIsUsualNobodyIsAskedBesides() {
        FakeClient client = bed.generate(STREAM);
        bed.loop.pass(Duration.ofSeconds(14));
        assertEquals(1, bed.vendors.calls.size());
        streams(first(), "slow");
        assertTrue(client.finished);
    }

    @Test
    void theHeaderRefusesWhatItDoesNotKnow() {
        FakeClient client = bed.generate(STREAM, "x-pillion-hedge", "perhaps");
        assertEquals(400, client.status);
        assertTrue(client.text().contains("x-pillion-hedge"), client.text());
        assertEquals(0, bed.vendors.calls.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failover: {max_attempts: 1}",
                "failover: {max_attempts: 4}, classes: {balanced: {order: [anthropic/one]}}"
            })
    void theCapOfAttemptsHoldsAndAloneThereIsNobodyElse(String routing) {
        with(
                routing.contains("classes")
                        ? FlowBed.CONFIG.replaceAll("routing: .*", "routing: {" + routing + "}")
                        : FlowBed.CONFIG.replace("routing: {", "routing: {" + routing + ", "));
        teach(STREAM);
        FakeClient client = bed.generate(STREAM);
        bed.loop.pass(TOO_LONG);
        assertEquals(1, bed.vendors.calls.size());
        streams(first(), "slow");
        assertTrue(client.finished);
    }

    @Test
    @DisplayName("F23: the retry budget of the second one's provider bounds how often it is asked")
    void theRetryBudgetBoundsIt() {
        teach(STREAM, 350);
        int besides = 0;
        for (int i = 0; i < 15; i++) {
            bed.vendors.calls.clear();
            bed.generate(STREAM);
            first().takes();
            bed.loop.pass(TOO_LONG);
            besides += bed.vendors.calls.size() - 1;
            streams(first(), "slow");
        }
        assertEquals(10, besides);
    }

    @Test
    @DisplayName("F40: the cost ceiling counts what is under way")
    void theCostCeilingCountsBoth() {
        with(FlowBed.CONFIG.replace("{input: 3, output: 4}", "{input: 1, output: 2}"));
        teach(STREAM, 50);
        FakeClient refused = bed.generate(STREAM, "x-pillion-max-cost-usd", "0.000000001");
        Matcher told = Pattern.compile("up to ([0-9.]+) USD").matcher(refused.text());
        assertTrue(told.find(), refused.text());
        BigDecimal most = new BigDecimal(told.group(1));
        String less = most.multiply(new BigDecimal("1.9")).toPlainString();
        FakeClient client = bed.generate(STREAM, "x-pillion-max-cost-usd", less);
        bed.loop.pass(TOO_LONG);
        assertEquals(1, bed.vendors.calls.size());
        streams(first(), "slow");
        assertTrue(client.finished);
        bed.vendors.calls.clear();
        String enough = most.multiply(new BigDecimal("2.1")).toPlainString();
        hedged(STREAM, "x-pillion-max-cost-usd", enough);
        streams(second(), "fast");
    }

    @Test
    void aTargetThatIsLeftOutIsNotAskedBesides() {
        teach(STREAM, 100);
        for (int i = 0; i < 2; i++) { // so few requests come that two failures are many
            bed.vendors.calls.clear();
            hedged(STREAM);
            second().breaks();
            streams(first(), "slow");
        }
        bed.vendors.calls.clear();
        FakeClient client = bed.generate(STREAM);
        bed.loop.pass(TOO_LONG);
        assertEquals(1, bed.vendors.calls.size());
        streams(first(), "slow");
        assertTrue(client.finished);
    }

    @Test
    void whenOneFailsTheOtherJustGoesOn() {
        teach(STREAM);
        FakeClient client = hedged(STREAM);
        first().breaks();
        bed.loop.pass(Duration.ofSeconds(1));
        assertEquals(2, bed.vendors.calls.size(), "no third one");
        assertEquals(0, client.status);
        assertFalse(second().cancelled);
        streams(second(), "second-words");
        assertEquals("second", client.header("x-pillion-provider"));
        assertEquals(1, client.count("second-words"));
        assertEquals(List.of("anthropic unavailable", "second ok"), names(booked(2)));
    }

    @Test
    void whenBothFailFailoverGoesOn() {
        teach(STREAM);
        FakeClient client = hedged(STREAM);
        second().breaks();
        first().breaks();
        bed.loop.pass(Duration.ofSeconds(5));
        assertEquals(3, bed.vendors.calls.size());
        streams(bed.vendors.last(), "at-last");
        assertEquals("3", client.header("x-pillion-attempts"));
        assertEquals(1, client.count("at-last"));
        assertEquals(
                List.of("second unavailable", "anthropic unavailable", "second ok"),
                names(booked(3)));
    }

    @Test
    @DisplayName("F18: what one finds invalid nobody else is asked after the other has failed too")
    void anInvalidRequestEndsWithTheOtherOne() {
        teach(STREAM);
        FakeClient client = hedged(STREAM);
        first().answers(
                        400,
                        JSON,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}");
        assertFalse(second().cancelled);
        second().breaks();
        bed.loop.pass(Duration.ofSeconds(5));
        assertEquals(2, bed.vendors.calls.size());
        assertEquals(400, client.status);
        assertTrue(client.text().contains("\"kind\":\"invalid_request\""), client.text());
    }

    @Test
    @DisplayName("F7 F37: a client that leaves stops both, and both are booked once")
    void aClientThatLeavesStopsBoth() {
        teach(STREAM);
        FakeClient client = hedged(STREAM);
        client.leaves();
        assertAll(
                () -> assertTrue(first().cancelled),
                () -> assertTrue(second().cancelled),
                () ->
                        assertEquals(
                                List.of("anthropic cancelled", "second cancelled"),
                                names(booked(2))));
        assertEquals(7, bed.booked().size());
    }

    @Test
    void theDeadlineStopsBoth() {
        teach(STREAM);
        FakeClient client = hedged(STREAM, "x-pillion-deadline-ms", "1000");
        bed.loop.pass(Duration.ofSeconds(1));
        assertTrue(first().cancelled);
        assertTrue(second().cancelled);
        assertEquals(504, client.status, client.text());
        assertEquals(List.of("anthropic timeout", "second timeout"), names(booked(2)));
    }

    @Test
    void aSlowClientSlowsTheWinner() {
        teach(STREAM);
        FakeClient client = hedged(STREAM);
        client.stopsReading();
        begins(second(), "words");
        assertTrue(second().paused);
        client.readsAgain();
        assertFalse(second().paused);
        second().says(FlowBed.END);
        second().ends();
        assertTrue(client.finished);
    }

    @Test
    void waitsThatWereCutStayInWhatIsUsual() {
        teach(STREAM);
        hedged(STREAM);
        bed.loop.pass(Duration.ofMillis(400));
        streams(second(), "fast");
        bed.vendors.calls.clear();
        FakeClient client = bed.generate(STREAM);
        bed.loop.pass(Duration.ofMillis(400));
        assertEquals(1, bed.vendors.calls.size(), "half a second is not unusual any more");
        streams(first(), "slow");
        assertNotNull(client.header("x-pillion-provider"));
    }

    @Test
    void theVendorsTimeIsCountedOnce() {
        teach(STREAM);
        FakeClient client = hedged(STREAM);
        bed.loop.pass(Duration.ofSeconds(1));
        streams(second(), "fast");
        assertEquals("0", client.header("x-pillion-overhead-us"));
        String log = bed.log();
        assertTrue(log.lines().toList().getLast().contains("\"overhead_us\":0"), log);
    }
}

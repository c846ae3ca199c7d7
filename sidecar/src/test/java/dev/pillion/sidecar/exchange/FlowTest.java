package dev.pillion.sidecar.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.wire.Headers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowTest {
    private static final String ASK = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM =
            "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";

    private final FlowBed bed = new FlowBed();

    @AfterEach
    void everythingIsGivenBack() {
        assertEquals(0, bed.budget.heldBytes(), "bytes of the budget");
        bed.close();
    }

    @Test
    void aWholeAnswerCarriesRouteUsageAndCost() {
        FakeClient client = bed.generate(ASK);
        bed.vendors.last().answers(200, JSON, FlowBed.ANTHROPIC_OK);
        assertEquals(200, client.status, client.text());
        assertEquals(0, bed.loop.pending(), "timers that keep the exchange in memory");
        assertTrue(client.text().contains("hello from anthropic"), client.text());
        assertEquals("anthropic", client.header("x-pillion-provider"));
        assertEquals("0.00002", client.header("x-pillion-cost-usd"));
        assertEquals("1", client.header("x-pillion-attempts"));
        assertEquals("a1", client.header("x-pillion-key-id"));
        String log = bed.log();
        assertTrue(log.contains("\"cost_usd\":\"0.00002\""), log);
        assertFalse(log.contains("hello"), log);
    }

    @ParameterizedTest
    @CsvSource({
        "500, api_error",
        "502, ''",
        "503, api_error",
        "529, overloaded_error",
        "429, rate_limit_error",
        "401, authentication_error",
        "404, not_found_error"
    })
    @DisplayName("F17 F20: a vendor's failure goes elsewhere and leaves no trace in the answer")
    void aFailureGoesElsewhere(int status, String type) {
        FakeClient client = bed.generate(ASK);
        String body =
                "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"first-vendor-words\"}}"
                        .formatted(type);
        bed.vendors.last().answers(status, JSON, type.isEmpty() ? "<html>" : body);
        bed.loop.settle();
        assertEquals(2, bed.vendors.calls.size());
        assertEquals("http://b.test", bed.vendors.last().request.endpoint().base().toString());
        bed.vendors.last().answers(200, JSON, FlowBed.ANTHROPIC_OK);
        assertEquals(200, client.status, client.text());
        assertEquals("second", client.header("x-pillion-provider"));
        assertEquals("2", client.header("x-pillion-attempts"));
        assertFalse(client.text().contains("first-vendor-words"), client.text());
    }

    @Test
    @DisplayName("F18: an invalid request is not asked again elsewhere")
    void anInvalidRequestIsNotFailedOver() {
        FakeClient client = bed.generate(ASK);
        bed.vendors
                .last()
                .answers(
                        400,
                        JSON,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}");
        bed.loop.pass(Duration.ofMinutes(1));
        assertEquals(1, bed.vendors.calls.size());
        assertEquals(400, client.status);
        assertTrue(client.text().contains("\"kind\":\"invalid_request\""), client.text());
    }

    @Test
    @DisplayName("F13 F14: an error inside a 200 before content fails over, nothing of it shows")
    void anErrorInsideASuccessFailsOver() {
        FakeClient client = bed.generate(STREAM);
        FakeVendors.Call first = bed.vendors.last();
        first.head(200, EVENTS);
        first.says(FlowBed.START + FlowBed.BLOCK);
        assertEquals(0, client.status);
        first.says(
                FlowBed.event(
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"zonk\"}}"));
        bed.loop.settle();
        FakeVendors.Call second = bed.vendors.last();
        assertTrue(first.cancelled);
        second.head(200, EVENTS);
        second.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO + FlowBed.END);
        second.ends();
        assertEquals("second", client.header("x-pillion-provider"));
        assertEquals(1, client.count("event: start"));
        assertEquals(1, client.count("event: done"));
        assertFalse(client.text().contains("zonk"), client.text());
        assertTrue(client.finished);
    }

    @Test
    @DisplayName("F12 F14: a cut after content ends in one error, and nobody else is asked")
    void aCutAfterContentIsOneError() {
        FakeClient client = bed.generate(STREAM);
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, EVENTS);
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO);
        call.breaks();
        bed.loop.pass(Duration.ofMinutes(1));
        assertEquals(1, bed.vendors.calls.size());
        assertEquals(1, client.count("event: error"));
        assertEquals(0, client.count("event: done"));
        assertEquals(1, client.count("hello"));
        assertEquals(1, client.ends);
    }

    @Test
    @DisplayName("F8: ten seconds of silence bring the header and a ping, and again every ten")
    void silenceBringsPings() {
        FakeClient client = bed.generate(STREAM);
        FakeVendors.Call call = bed.vendors.last();
        bed.loop.pass(Duration.ofSeconds(9));
        assertEquals(0, client.status);
        bed.loop.pass(Duration.ofSeconds(2));
        assertEquals(200, client.status);
        assertEquals(1, client.count("event: ping"));
        bed.loop.pass(Duration.ofSeconds(20));
        assertEquals(3, client.count("event: ping"));
        assertEquals(0, client.count("event: start"));
        call.head(200, EVENTS);
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO + FlowBed.END);
        assertEquals(1, client.count("event: start"));
        assertEquals(1, client.count("event: done"));
    }

    @Test
    @DisplayName("F10: after the header point a failure of all is the surface's error event")
    void afterTheHeaderAFailureIsAnEvent() {
        FakeClient client = bed.generate(STREAM);
        bed.loop.pass(Duration.ofSeconds(11));
        for (int i = 0; i < 8 && !client.finished; i++) {
            bed.vendors.last().breaks();
            bed.loop.pass(Duration.ofSeconds(5));
        }
        assertEquals(4, bed.vendors.calls.size());
        assertEquals(1, client.count("event: error"));
        assertEquals(0, client.count("event: start"));
    }

    @Test
    @DisplayName("F7 F37: a client that leaves cancels the call, and is logged once")
    void aClientThatLeavesCancels() {
        FakeClient client = bed.generate(STREAM);
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, EVENTS);
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO);
        client.leaves();
        assertTrue(call.cancelled);
        String log = bed.log();
        assertTrue(log.contains("\"outcome\":\"cancelled\""), log);
        assertEquals(1, log.lines().count());
    }

    @Test
    @DisplayName("F7: a client that leaves before the first byte cancels too")
    void aClientThatLeavesEarlyCancels() {
        FakeClient client = bed.generate(STREAM);
        client.leaves();
        assertTrue(bed.vendors.last().cancelled);
        assertTrue(bed.log().contains("\"status\":499"));
    }

    @Test
    void aSlowClientPausesTheVendor() {
        FakeClient client = bed.generate(STREAM);
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, EVENTS);
        client.stopsReading();
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO);
        assertTrue(call.paused);
        client.readsAgain();
        assertFalse(call.paused);
        call.says(FlowBed.END);
        assertTrue(client.finished);
    }

    @Test
    @DisplayName("F9: a vendor that stays open after its last event does not hold the client")
    void aVendorThatNeverClosesHoldsNobody() {
        FakeClient client = bed.generate(STREAM);
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, EVENTS);
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO + FlowBed.END);
        assertTrue(client.finished);
        bed.loop.pass(Duration.ofSeconds(1));
        assertTrue(call.cancelled, "its connection is not kept");
    }

    @Test
    @DisplayName("F23: attempts are capped")
    void attemptsAreCapped() {
        FakeClient client = bed.generate(ASK);
        for (int i = 0; i < 20 && !client.finished; i++) {
            bed.vendors.last().answers(500, JSON, "{}");
            bed.loop.pass(Duration.ofSeconds(10));
        }
        assertEquals(4, bed.vendors.calls.size());
        assertEquals(503, client.status, client.text());
        assertTrue(client.header("retry-after") != null);
    }

    @Test
    @DisplayName("F23: one deadline bounds all attempts")
    void oneDeadlineBoundsAllAttempts() {
        FakeClient client = bed.generate(ASK, "x-pillion-deadline-ms", "1500");
        bed.loop.pass(Duration.ofSeconds(2));
        assertTrue(bed.vendors.last().cancelled);
        assertEquals(504, client.status, client.text());
    }

    @Test
    @DisplayName("F24: with failover off the vendor's own error is handed on")
    void failoverOffHandsOnTheVendorsError() {
        FakeClient client = bed.generate(ASK, "x-pillion-failover", "off");
        bed.vendors
                .last()
                .answers(
                        529,
                        JSON,
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}");
        bed.loop.pass(Duration.ofMinutes(1));
        assertEquals(1, bed.vendors.calls.size());
        assertEquals(529, client.status);
        assertTrue(client.text().contains("overloaded_error"));
    }

    @Test
    @DisplayName("F36: usage that a vendor tells early stands at a translated stream's start")
    void earlyUsageIsToldEarly() {
        FakeClient client =
                bed.post(
                        "/v1/messages",
                        "{\"model\":\"one\",\"max_tokens\":9,\"stream\":true,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        "x-pillion-passthrough",
                        "never");
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, EVENTS);
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO + FlowBed.END);
        String start = client.text().substring(0, client.text().indexOf("content_block_start"));
        assertTrue(start.contains("\"input_tokens\":10,"), start);
        assertTrue(start.contains("\"output_tokens\":1,"), start);
        String end = client.text().substring(client.text().indexOf("message_delta"));
        assertTrue(end.contains("\"input_tokens\":10,"), end);
        assertTrue(end.contains("\"output_tokens\":5,"), end);
    }

    @ParameterizedTest
    @CsvSource({"/v1/messages, req_vendor, 7", "/v1/chat/completions, absent, absent"})
    @DisplayName("F24: the vendor's own error names its own request and limits to its own clients")
    void theVendorsOwnErrorHasItsOwnHeaders(String path, String id, String limit) {
        FakeClient client =
                bed.post(
                        path,
                        "{\"model\":\"one\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        "x-pillion-failover",
                        "off");
        String body =
                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\"}}";
        FakeVendors.Call call = bed.vendors.last();
        call.head(
                429,
                Headers.of(
                        "content-type",
                        JSON,
                        "request-id",
                        "req_vendor",
                        "retry-after",
                        "3",
                        "anthropic-ratelimit-requests-limit",
                        "7"));
        call.says(body);
        call.ends();
        assertEquals(429, client.status);
        assertEquals(body, client.text());
        assertEquals("3", client.header("retry-after"));
        assertEquals(id, orAbsent(client.header("request-id")));
        assertEquals(limit, orAbsent(client.header("anthropic-ratelimit-requests-limit")));
        assertEquals("id-1", client.header("x-pillion-request-id"));
    }

    private static String orAbsent(String value) {
        return value == null ? "absent" : value;
    }

    @Test
    @DisplayName("F21: each attempt is rendered afresh, with its own vendor's key and model")
    void eachAttemptIsRenderedAfresh() {
        bed.generate(ASK);
        FakeVendors.Call first = bed.vendors.last();
        first.answers(503, JSON, "{}");
        bed.loop.settle();
        FakeVendors.Call second = bed.vendors.last();
        assertTrue(first.body().contains("\"one\""), first.body());
        assertTrue(second.body().contains("\"two\""), second.body());
        assertTrue(
                first.request.headers().fields().stream()
                        .anyMatch(f -> f.value().contains("key-a")));
        assertTrue(
                second.request.headers().fields().stream()
                        .noneMatch(f -> f.value().contains("key-a")));
    }

    @Test
    @DisplayName("F50: no key, prompt or answer stands in log or error")
    void secretsStayInside() {
        FakeClient client = bed.generate(ASK.replace("hi", "canary-prompt"));
        bed.vendors
                .last()
                .answers(
                        400,
                        JSON,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"bad\"}}");
        String log = bed.log();
        assertFalse(log.contains("canary") || log.contains("key-a"), log);
        assertFalse(client.text().contains("key-a"), client.text());
    }

    @ParameterizedTest
    @CsvSource({
        "x-pillion-prefer, slowest",
        "x-pillion-failover, maybe",
        "x-pillion-lossy, yes",
        "x-pillion-deadline-ms, soon",
        "x-pillion-max-cost-usd, -1",
        "x-pillion-tags, novalue",
        "x-pillion-unheard-of, 1"
    })
    void anUnknownHeaderValueIsRefusedByName(String header, String value) {
        FakeClient client = bed.generate(ASK, header, value);
        assertEquals(400, client.status);
        assertTrue(client.text().contains(header), client.text());
        assertEquals(0, bed.vendors.calls.size());
    }

    @Test
    @DisplayName("F40: a request that may cost more than its ceiling is refused with 402")
    void aCeilingIsEnforcedBeforeTheCall() {
        FakeClient client = bed.generate(ASK, "x-pillion-max-cost-usd", "0.000001");
        assertEquals(402, client.status, client.text());
        assertEquals(0, bed.vendors.calls.size());
        FakeClient cheap = bed.generate(ASK, "x-pillion-max-cost-usd", "1");
        assertEquals(0, cheap.status);
        cheap.leaves();
    }

    @Test
    void whatNoCandidateCanDoIsRefusedWithTheReasons() {
        FakeClient client =
                bed.generate(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"websearch\":{}}");
        assertEquals(400, client.status);
        assertTrue(client.text().contains("can't do websearch"), client.text());
        assertTrue(client.text().contains("\"kind\":\"unsupported\""), client.text());
    }

    @Test
    void anUnknownModelIsAnsweredWithTheNearest() {
        FakeClient client =
                bed.generate(
                        ASK.replace("{\"messages", "{\"model\":\"anthropic/onee\",\"messages"));
        assertEquals(404, client.status);
        assertTrue(client.text().contains("anthropic/one"), client.text());
    }

    @Test
    @DisplayName("F4: a defect of ours ends in one 500 that says nothing of the request")
    void aDefectOfOursIsOne500() {
        bed.vendors.defect = new IllegalStateException("canary-detail");
        FakeClient client = bed.generate(ASK);
        bed.loop.pass(Duration.ofMinutes(1));
        assertEquals(500, client.status, client.text());
        assertTrue(client.text().contains("\"kind\":\"internal\""), client.text());
        assertFalse(client.text().contains("canary"), client.text());
        assertEquals(1, client.ends);
        assertEquals(0, bed.loop.pending());
    }

    @Test
    void noRouteIsToldOfAPathThatNothingServes() {
        FakeClient client = bed.post("/v1/nothing", ASK);
        assertEquals(404, client.status);
        assertNull(client.header("x-pillion-provider"));
    }
}

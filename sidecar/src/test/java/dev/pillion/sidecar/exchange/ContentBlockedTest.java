package dev.pillion.sidecar.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentBlockedTest {
    private static final String JSON = "application/json";
    private static final String ASK =
            "{\"class\":\"balanced\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String FILTERED =
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                    + "\"message\":\"Output blocked by content filtering policy\"}}";
    private static final String REFUSED =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                    + "\"content\":[],\"stop_reason\":\"refusal\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":0}}";

    private static FlowBed bed(boolean elsewhere) {
        String routing = "routing: {failover: {content_blocked: elsewhere}, classes:";
        return new FlowBed(
                elsewhere ? FlowBed.CONFIG.replace("routing: {classes:", routing) : FlowBed.CONFIG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsBlockedGoesElsewhereOnlyWhereThatIsConfigured(boolean elsewhere) {
        try (FlowBed bed = bed(elsewhere)) {
            FakeClient client = bed.generate(ASK);
            bed.vendors.last().answers(400, JSON, FILTERED);
            bed.loop.settle();
            assertEquals(elsewhere ? 2 : 1, bed.vendors.calls.size());
            if (elsewhere) {
                bed.vendors.last().answers(200, JSON, FlowBed.ANTHROPIC_OK);
                assertEquals("second", client.header("x-pillion-provider"));
            } else {
                assertEquals(400, client.status);
                assertTrue(client.text().contains("content_filtered"), client.text());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEmptyRefusalIsABlockToo(boolean elsewhere) {
        try (FlowBed bed = bed(elsewhere)) {
            FakeClient client = bed.generate(ASK);
            bed.vendors.last().answers(200, JSON, REFUSED);
            bed.loop.settle();
            assertEquals(elsewhere ? 2 : 1, bed.vendors.calls.size());
            if (!elsewhere) {
                assertTrue(client.text().contains("\"stop\":\"refusal\""), client.text());
            }
        }
    }

    @Test
    void theLastOnesRefusalIsTheAnswer() {
        try (FlowBed bed = bed(true)) {
            FakeClient client = bed.generate(ASK);
            bed.vendors.last().answers(200, JSON, REFUSED);
            bed.loop.settle();
            bed.vendors.last().answers(200, JSON, REFUSED);
            bed.loop.settle();
            assertEquals(2, bed.vendors.calls.size());
            assertEquals(200, client.status, client.text());
            assertTrue(client.text().contains("\"stop\":\"refusal\""), client.text());
        }
    }
}

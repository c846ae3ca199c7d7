package dev.pillion.sidecar.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A ceiling is one for all attempts of a request together. */
class CeilingOverAttemptsTest {
    private static final String CEILING = "x-pillion-max-cost-usd";
    private static final String ASK =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"output\":{\"max_tokens\":100}}";
    private static final String STREAM = ASK.replace("{\"messages", "{\"stream\":true,\"messages");
    private static final Pattern MOST = Pattern.compile("up to ([0-9.]+) USD");
    private static final String FAILURE =
            "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}";

    private final FlowBed bed =
            new FlowBed(FlowBed.CONFIG.replace("{input: 3, output: 4}", "{input: 1, output: 2}"));

    @AfterEach
    void everythingIsGivenBack() {
        assertEquals(0, bed.budget.heldBytes(), "bytes of the budget");
        bed.close();
    }

    /** What one attempt may cost at most, as a refusal tells; times so many hundredths. */
    private String most(String body, int hundredths) {
        FakeClient refused = bed.generate(body, CEILING, "0.000000001");
        assertEquals(402, refused.status, refused.text());
        Matcher told = MOST.matcher(refused.text());
        assertTrue(told.find(), refused.text());
        BigDecimal most = new BigDecimal(told.group(1));
        return most.multiply(BigDecimal.valueOf(hundredths, 2)).toPlainString();
    }

    private void failInside(FakeClient client) {
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, "text/event-stream");
        call.says(FlowBed.START + FlowBed.BLOCK);
        call.says(FlowBed.event(FAILURE));
        bed.loop.settle();
        assertEquals(0, client.count("hello"));
    }

    @Test
    @DisplayName("F40 F42: what a failed 200 may have cost comes off the ceiling before the next")
    void whatAFailedAttemptMayHaveCostComesOff() {
        FakeClient client = bed.generate(STREAM, CEILING, most(STREAM, 150));
        failInside(client);
        assertEquals(1, bed.vendors.calls.size(), "attempts");
        assertEquals(402, client.status, client.text());
        assertTrue(client.text().contains("earlier attempts may have cost"), client.text());
    }

    @Test
    void whereBothFitTheNextIsAsked() {
        FakeClient client = bed.generate(STREAM, CEILING, most(STREAM, 200));
        failInside(client);
        assertEquals(2, bed.vendors.calls.size(), "attempts");
        client.leaves();
    }

    @Test
    void anAttemptThatSurelyCostNothingTakesNothingOff() {
        FakeClient client = bed.generate(ASK, CEILING, most(ASK, 100));
        bed.vendors.last().answers(529, "application/json", FAILURE);
        bed.loop.settle();
        assertEquals(2, bed.vendors.calls.size(), "attempts");
        bed.vendors.last().answers(200, "application/json", FlowBed.ANTHROPIC_OK);
        assertEquals(200, client.status, client.text());
    }
}

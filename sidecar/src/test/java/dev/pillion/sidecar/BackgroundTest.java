package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Answers that OpenAI makes in the background, to be fetched later. */
class BackgroundTest {
    private static final String ASK =
            "{\"model\":\"%s\",\"input\":\"hi\",\"background\":true,\"store\":true,\"stream\":%s}";

    @Test
    @DisplayName("F38: what is queued goes to the client as it came, and its cost is not known")
    void whatIsQueuedHasNoCostYet() throws Exception {
        try (TestSidecar bed = TestSidecar.start()) {
            HttpResponse<String> answer =
                    bed.post("/v1/responses", ASK.formatted("gpt-6.1-terra", false));
            assertEquals(200, answer.statusCode(), answer.body());
            JsonNode queued = TestSidecar.json(answer);
            assertEquals("queued", queued.path("status").asText(), answer.body());
            JsonNode total = bed.admin("/usage").path("total");
            assertEquals(1, total.path("attempts").asInt(), total.toString());
            assertEquals(1, total.path("unpriced").asInt(), total.toString());
            assertEquals("0", total.path("cost_usd").asText(), total.toString());
        }
    }

    @Test
    void noOtherVendorHasIt() throws Exception {
        try (TestSidecar bed = TestSidecar.start()) {
            HttpResponse<String> answer =
                    bed.post("/v1/responses", ASK.formatted("anthropic/claude-sonnet-5-5", false));
            assertEquals(400, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("background"), answer.body());
        }
    }
}

package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat Completions' older {@code max_tokens}, which OpenAI's models that think refuse there. */
class OldLimitTest {
    private static final String ASK =
            "{\"model\":\"%s\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @ParameterizedTest
    @ValueSource(strings = {"house", "gpt-6.1-terra"})
    void theOlderLimitIsSaidInTheWordsOfWhoeverAnswers(String model) throws Exception {
        String config = TestSidecar.CONFIG + "aliases: {house: [openai/gpt-6.1-terra]}\n";
        try (TestSidecar bed = TestSidecar.start(config)) {
            HttpResponse<String> answer = bed.post("/v1/chat/completions", ASK.formatted(model));
            assertEquals(200, answer.statusCode(), answer.body());
            assertTrue(
                    bed.openai.log().last().body().contains("\"max_output_tokens\":100"),
                    bed.openai.log().last().body());
        }
    }

    @Test
    void whoTakesItGetsItAsItCame() throws Exception {
        try (TestSidecar bed = TestSidecar.start()) {
            HttpResponse<String> answer =
                    bed.post("/v1/chat/completions", ASK.formatted("gpt-4.1"));
            assertEquals(200, answer.statusCode(), answer.body());
            assertTrue(bed.openai.log().last().body().contains("\"max_tokens\":100"));
        }
    }
}

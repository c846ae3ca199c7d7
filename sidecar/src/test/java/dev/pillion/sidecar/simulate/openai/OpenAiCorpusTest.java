package dev.pillion.sidecar.simulate.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Corpus.Exchange;
import dev.pillion.sidecar.simulate.kit.RecordedVerdicts;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The validators' verdicts against the vendor's own, over every recorded request. */
class OpenAiCorpusTest {
    /** Models of other servers, which the recordings keep under this vendor. */
    private static final List<String> OTHER_SERVERS = List.of("muse-spark-1.1");

    private final ResponsesValidator responses =
            new ResponsesValidator(new ResponsesMemory(true), OpenAiResponses.seals());

    private static RecordedVerdicts verdicts(
            String endpoint, Function<Exchange, Verdict<?>> validator) {
        return new RecordedVerdicts("openai " + endpoint, Corpus.of("openai", endpoint), validator);
    }

    private static Verdict<ChatRequest> chat(Exchange exchange) {
        var model = exchange.body().path("model").asText();
        return new ChatValidator(OTHER_SERVERS.contains(model)).check(exchange.ask());
    }

    @Test
    void everyChatRequestThatTheVendorAcceptedIsAccepted() {
        verdicts("chat.completions", OpenAiCorpusTest::chat).acceptAllThatWasAccepted(Map.of());
    }

    @Test
    void everyChatRequestThatTheVendorRefusedIsRefused() {
        verdicts("chat.completions", OpenAiCorpusTest::chat)
                .refuseAllThatWasRefused(
                        Map.of(
                                "json_error_response",
                                "an error that the test itself had put there",
                                "test_vision-12708a-02",
                                "the vendor could not download the image",
                                "test_vision_base64",
                                "the image's bytes, which the recording cut",
                                "test_agents_and_tools-424bc5-02",
                                "the model was retired between two recordings that name it"));
    }

    @Test
    void everyResponsesRequestThatTheVendorAcceptedIsAccepted() {
        verdicts("responses", e -> responses.check(e.ask(), "recorded"))
                .acceptAllThatWasAccepted(Map.of());
    }

    @Test
    void everyResponsesRequestThatTheVendorRefusedIsRefused() {
        verdicts("responses", e -> responses.check(e.ask(), "recorded"))
                .refuseAllThatWasRefused(
                        Map.of(
                                "gpt-5-nano_handles_context_length_exceeded",
                                "the recording replaced the long prompt by a placeholder"));
    }

    @Test
    void everyRequestForEmbeddingsIsJudgedAsTheVendorDid() {
        var verdicts = verdicts("embeddings", e -> EmbeddingRules.check(e.ask()));
        verdicts.acceptAllThatWasAccepted(Map.of());
        verdicts.refuseAllThatWasRefused(Map.of());
    }

    @Test
    void everyRequestToCountTokensIsAccepted() {
        verdicts("count_tokens", e -> responses.checkToCount(e.ask(), "recorded"))
                .acceptAllThatWasAccepted(Map.of());
    }

    @Test
    void whatTheVendorSaidMayComeBackAsItWas() throws Exception {
        int items = 0;
        var wrong = new ArrayList<String>();
        for (var exchange : Corpus.of("openai", "responses")) {
            items += exchange.output().size();
            // What ended in the middle of its thoughts can't be continued.
            var last = exchange.output().isEmpty() ? "" : type(exchange.output().getLast());
            if (exchange.status() < 300 && !last.isEmpty() && !last.equals("reasoning")) {
                var next = exchange.continued();
                if (responses.check(exchange.ask(next), "recorded")
                        instanceof Verdict.Bad(var error)) {
                    wrong.add(exchange + ": " + error.message());
                }
            }
        }
        System.out.printf(
                "openai responses: %d items in answers; %d answers that may not come back%n",
                items, wrong.size());
        assertEquals(List.of(), wrong);
    }

    private static String type(JsonNode item) {
        return item.path("type").asText();
    }
}

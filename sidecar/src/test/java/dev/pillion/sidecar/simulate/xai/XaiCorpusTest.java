package dev.pillion.sidecar.simulate.xai;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

/** The validator's verdicts against the vendor's own, over every recorded request. */
class XaiCorpusTest {
    private static final Map<String, String> NOT_IN_THE_BODY =
            Map.of(
                    "raises_appropriate_auth_error",
                    "the key was wrong, which this vendor answers with 400",
                    "handles_context_length_exceeded",
                    "the recording replaced the long prompt by a placeholder");

    /** Models of then, most of them shut down since. */
    private final XaiValidator validator =
            new XaiValidator(new XaiModels(true), new ResponsesMemory(true), XaiValidator.seals());

    private static RecordedVerdicts verdicts(
            String endpoint, Function<Exchange, Verdict<?>> validator) {
        return new RecordedVerdicts("xai " + endpoint, Corpus.of("xai", endpoint), validator);
    }

    @Test
    void everyChatRequestThatTheVendorAcceptedIsAccepted() {
        verdicts("chat.completions", e -> validator.chat(e.ask()))
                .acceptAllThatWasAccepted(Map.of());
    }

    @Test
    void everyChatRequestThatTheVendorRefusedIsRefused() {
        verdicts("chat.completions", e -> validator.chat(e.ask()))
                .refuseAllThatWasRefused(NOT_IN_THE_BODY);
    }

    @Test
    void everyResponsesRequestThatTheVendorAcceptedIsAccepted() {
        verdicts("responses", e -> validator.responses(e.ask(), "recorded"))
                .acceptAllThatWasAccepted(Map.of());
    }

    @Test
    void whatTheVendorSaidMayComeBackAsItWas() throws Exception {
        int items = 0;
        var wrong = new ArrayList<String>();
        for (var exchange : Corpus.of("xai", "responses")) {
            items += exchange.output().size();
            if (exchange.status() < 300 && !exchange.output().isEmpty()) {
                var next = exchange.continued();
                if (validator.responses(exchange.ask(next), "recorded")
                        instanceof Verdict.Bad(var error)) {
                    wrong.add(exchange + ": " + error.message());
                }
            }
        }
        System.out.printf(
                "xai responses: %d items in answers; %d answers that may not come back%n",
                items, wrong.size());
        assertEquals(List.of(), wrong);
    }
}

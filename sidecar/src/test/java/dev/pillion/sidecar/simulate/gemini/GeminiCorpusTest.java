package dev.pillion.sidecar.simulate.gemini;

import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.RecordedVerdicts;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The simulation's verdicts against the vendor's own, over every recorded request. */
class GeminiCorpusTest {
    private static RecordedVerdicts verdicts() {
        var all = new ArrayList<>(Corpus.of("gemini"));
        all.addAll(Corpus.of("other"));
        all.removeIf(exchange -> {
            var route = Route.of(exchange.path());
            return route == null || route.method().isEmpty();
        });
        return new RecordedVerdicts(
                "gemini", all, exchange -> GeminiClient.verdict(exchange, exchange.body()));
    }

    @Test
    void everyRequestThatTheVendorAcceptedIsAccepted() {
        verdicts().acceptAllThatWasAccepted(Map.of());
    }

    @Test
    void everyRequestThatTheVendorRefusedIsRefused() {
        verdicts()
                .refuseAllThatWasRefused(
                        Map.of(
                                "test_authentication_error", "the key was wrong",
                                "raises_appropriate_auth_error", "the key was wrong",
                                "handles_context_length_exceeded_errors",
                                        "a quota was used up, and the recording cut the text that"
                                                + " did it"));
    }
}

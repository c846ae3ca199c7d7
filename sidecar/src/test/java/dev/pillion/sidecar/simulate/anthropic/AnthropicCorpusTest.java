package dev.pillion.sidecar.simulate.anthropic;

import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.RecordedVerdicts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The validator's verdicts against the vendor's own, over every recorded request. */
class AnthropicCorpusTest {
    private final AnthropicValidator validator = new AnthropicValidator(new AnthropicSeals("test"));

    private RecordedVerdicts verdicts() {
        var exchanges =
                Corpus.of("anthropic").stream()
                        .filter(e -> List.of("messages", "count_tokens").contains(e.endpoint()))
                        .toList();
        return new RecordedVerdicts("anthropic", exchanges, e -> validator.check(e.ask()));
    }

    @Test
    void everyRequestThatTheVendorAcceptedIsAccepted() {
        verdicts().acceptAllThatWasAccepted(Map.of());
    }

    @Test
    void everyRequestThatTheVendorRefusedIsRefusedWithTheSameStatus() {
        verdicts()
                .refuseAllThatWasRefused(
                        Map.of(
                                "claude-haiku-4-5_handles_context_length_exceeded_errors-d9a83d-00",
                                "the recording replaced the long prompt by a placeholder",
                                "test_anthropic_multi_modal-93d381-00",
                                "529: the vendor was overloaded"));
    }
}

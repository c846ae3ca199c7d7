package dev.pillion.sidecar.simulate.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.anthropic.AnthropicValidator.Verdict;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Corpus.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The validator's verdicts against the vendor's own, over every recorded request. */
class AnthropicCorpusTest {
    /** Refusals that the request's body does not explain. */
    private static final Map<String, String> NOT_IN_THE_BODY =
            Map.of(
                    "ruby_llm--chat_real_error_scenarios_anthropic_claude-haiku-4-5_handles_context"
                            + "_length_exceeded_errors-d9a83d-00",
                    "the recording replaced the long prompt by a placeholder",
                    "openllmetry--opentelemetry-instrumentation-anthropic--test_completion--test_"
                            + "anthropic_multi_modal-93d381-00",
                    "529: the vendor was overloaded");

    private final AnthropicValidator validator = new AnthropicValidator(new AnthropicSeals("test"));

    private static List<Exchange> exchanges() {
        return Corpus.of("anthropic").stream()
                .filter(e -> List.of("messages", "count_tokens").contains(e.endpoint()))
                .toList();
    }

    @Test
    void everyRequestThatTheVendorAcceptedIsAccepted() {
        var accepted = exchanges().stream().filter(e -> e.status() < 300).toList();
        var wrong = new ArrayList<String>();
        for (var exchange : accepted) {
            if (validator.check(exchange.ask()) instanceof Verdict.Bad(var error)) {
                wrong.add(exchange + ": " + error.message());
            }
        }
        System.out.printf(
                "anthropic: accepted %d of %d requests that the vendor accepted%n",
                accepted.size() - wrong.size(), accepted.size());
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyRequestThatTheVendorRefusedIsRefusedWithTheSameStatus() {
        var refused =
                exchanges().stream().filter(e -> e.status() >= 400 && e.status() != 401).toList();
        int same = 0;
        var wrong = new ArrayList<String>();
        for (var exchange : refused) {
            switch (validator.check(exchange.ask())) {
                case Verdict.Bad(var error) when error.status() == exchange.status() -> same++;
                case Verdict.Bad(var error) -> wrong.add(exchange + ": " + error);
                case Verdict.Good _ -> wrong.add(exchange + ": accepted");
            }
        }
        wrong.removeIf(line -> NOT_IN_THE_BODY.keySet().stream().anyMatch(line::startsWith));
        System.out.printf(
                "anthropic: refused %d of %d requests that the vendor refused; %d are not in the"
                        + " body: %s%n",
                same, refused.size(), NOT_IN_THE_BODY.size(), NOT_IN_THE_BODY.values());
        assertEquals(List.of(), wrong);
        assertTrue(same > 0);
    }
}

package dev.pillion.sidecar.simulate.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Corpus.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The simulation's verdicts against the vendor's own, over every recorded request. */
class GeminiCorpusTest {
    /** Refusals that the request's body does not explain, by a piece of the recording's id. */
    private static final Map<String, String> NOT_IN_THE_BODY =
            Map.of(
                    "test_authentication_error", "the key was wrong",
                    "raises_appropriate_auth_error", "the key was wrong",
                    "handles_context_length_exceeded_errors",
                            "a quota was used up, and the recording cut the text that did it");

    private static List<Exchange> exchanges() {
        var all = new ArrayList<>(Corpus.of("gemini"));
        all.addAll(Corpus.of("other"));
        all.removeIf(exchange -> Route.of(exchange.path()) == null);
        all.removeIf(exchange -> Route.of(exchange.path()).method().isEmpty());
        return all;
    }

    @Test
    void everyRequestThatTheVendorAcceptedIsAccepted() {
        var accepted = exchanges().stream().filter(e -> e.status() < 300).toList();
        var wrong = new ArrayList<String>();
        for (var exchange : accepted) {
            var reply = GeminiClient.reply(exchange, exchange.body());
            if (reply.status() >= 300) {
                wrong.add(exchange + ": " + GeminiClient.message(reply));
            }
        }
        System.out.printf(
                "gemini: accepted %d of %d requests that the vendor accepted%n",
                accepted.size() - wrong.size(), accepted.size());
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyRequestThatTheVendorRefusedIsRefusedWithTheSameStatus() {
        var refused = exchanges().stream().filter(e -> e.status() >= 400).toList();
        int same = 0;
        var wrong = new ArrayList<String>();
        for (var exchange : refused) {
            var reply = GeminiClient.reply(exchange, exchange.body());
            if (reply.status() == exchange.status()) {
                same++;
            } else {
                wrong.add(exchange + ": " + reply.status() + GeminiClient.message(reply));
            }
        }
        wrong.removeIf(line -> NOT_IN_THE_BODY.keySet().stream().anyMatch(line::contains));
        System.out.printf(
                "gemini: refused %d of %d requests that the vendor refused; not in the body: %s%n",
                same, refused.size(), NOT_IN_THE_BODY);
        assertEquals(List.of(), wrong);
        assertTrue(same > 0);
    }
}

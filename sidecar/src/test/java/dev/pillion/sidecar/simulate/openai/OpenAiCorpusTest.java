package dev.pillion.sidecar.simulate.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Corpus.Exchange;
import dev.pillion.sidecar.simulate.openai.ChatValidator.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The validator's verdicts against the vendor's own, over every recorded request. */
class OpenAiCorpusTest {
    /** Refusals that the request's body does not explain, by a piece of the recording's id. */
    private static final Map<String, String> NOT_IN_THE_BODY =
            Map.of(
                    "json_error_response", "an error that the test itself had put there",
                    "test_vision-12708a-02", "the vendor could not download the image",
                    "test_vision_base64", "the image's bytes, which the recording cut",
                    "test_agents_and_tools-424bc5-02",
                            "the model was retired between two recordings that name it");

    /** Models of other servers, which the recordings keep under this vendor. */
    private static final List<String> OTHER_SERVERS = List.of("muse-spark-1.1");

    private static List<Exchange> exchanges() {
        return Corpus.of("openai").stream()
                .filter(e -> e.endpoint().equals("chat.completions"))
                .toList();
    }

    private static ChatValidator validator(Exchange exchange) {
        return new ChatValidator(OTHER_SERVERS.contains(exchange.body().path("model").asText()));
    }

    @Test
    void everyRequestThatTheVendorAcceptedIsAccepted() {
        var accepted = exchanges().stream().filter(e -> e.status() < 300).toList();
        var wrong = new ArrayList<String>();
        for (var exchange : accepted) {
            if (validator(exchange).check(exchange.ask()) instanceof Verdict.Bad(var error)) {
                wrong.add(exchange + ": " + error.message());
            }
        }
        System.out.printf(
                "openai chat: accepted %d of %d requests that the vendor accepted%n",
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
            switch (validator(exchange).check(exchange.ask())) {
                case Verdict.Bad(var error) when error.status() == exchange.status() -> same++;
                case Verdict.Bad(var error) -> wrong.add(exchange + ": " + error);
                case Verdict.Good _ -> wrong.add(exchange + ": accepted");
            }
        }
        wrong.removeIf(line -> NOT_IN_THE_BODY.keySet().stream().anyMatch(line::contains));
        System.out.printf(
                "openai chat: refused %d of %d requests that the vendor refused; %d are not in the"
                        + " body: %s%n",
                same, refused.size(), NOT_IN_THE_BODY.size(), NOT_IN_THE_BODY.values());
        assertEquals(List.of(), wrong);
        assertTrue(same > 0);
    }
}

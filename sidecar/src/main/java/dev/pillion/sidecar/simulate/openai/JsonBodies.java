package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.io.IOException;

/** The body of a request, of whatever endpoint. */
final class JsonBodies {
    private JsonBodies() {}

    static Verdict<JsonNode> read(Ask ask) {
        var type = ask.header("content-type");
        if (!type.isEmpty() && !type.startsWith("application/json")) {
            return new Verdict.Bad<>(
                    OpenAiErrors.invalid(
                            "Unsupported content type: '" + type + "'.",
                            null,
                            "unsupported_content_type"));
        }
        try {
            return new Verdict.Good<>(Trees.read(ask.body()));
        } catch (IOException e) {
            return new Verdict.Bad<>(
                    OpenAiErrors.invalid(
                            "We could not parse the JSON body of your request. (HINT: This likely"
                                    + " means you aren't using your HTTP library correctly.)",
                            null,
                            null));
        }
    }
}

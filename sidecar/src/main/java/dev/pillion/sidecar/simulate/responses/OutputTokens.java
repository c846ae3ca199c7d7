package dev.pillion.sidecar.simulate.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import java.util.List;

/** The tokens of an answer that can be read; reasoning is counted for itself. */
public final class OutputTokens {
    private OutputTokens() {}

    public static int of(List<ObjectNode> output) {
        int tokens = 0;
        for (var item : output) {
            for (var part : item.path("content")) {
                var text = part.path("text").asText() + part.path("refusal").asText();
                tokens += text.isEmpty() ? 0 : Tokens.of(text);
            }
            var input = item.path("arguments").asText() + item.path("input").asText();
            tokens += input.isEmpty() ? 0 : Tokens.of(input + item.path("name").asText());
        }
        return tokens;
    }
}

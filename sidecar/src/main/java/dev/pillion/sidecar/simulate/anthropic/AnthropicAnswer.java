package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model says to one request.
 *
 * @param stopSequence the sequence that ended it, if one did
 * @param refusal the {@code stop_details} of a refusal
 * @param thinkingTokens what was thought, shown or not
 */
record AnthropicAnswer(
        List<ObjectNode> content,
        String stopReason,
        @Nullable String stopSequence,
        @Nullable JsonNode refusal,
        int thinkingTokens,
        int searches) {
    /** At least 1 for an answered request; 0 where nothing was to be said. */
    int outputTokens() {
        int tokens = thinkingTokens;
        for (var block : content) {
            tokens +=
                    switch (block.path("type").asText()) {
                        case "text" -> Tokens.of(block.path("text").asText());
                        case "tool_use", "server_tool_use" -> Tokens.of(block) + 4;
                        default -> 0;
                    };
        }
        return tokens;
    }
}

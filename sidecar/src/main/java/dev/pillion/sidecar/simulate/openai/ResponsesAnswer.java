package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the simulated model answers on Responses.
 *
 * @param incomplete why the answer breaks off; null: it does not
 * @param failed whether it came to nothing
 * @param reasoningTokens those of the {@code outputTokens} that were thought
 */
record ResponsesAnswer(
        List<ObjectNode> output,
        @Nullable String incomplete,
        boolean failed,
        int outputTokens,
        int reasoningTokens,
        int searches) {
    String status() {
        if (failed) {
            return "failed";
        }
        return incomplete == null ? "completed" : "incomplete";
    }
}

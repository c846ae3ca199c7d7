package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One choice of an answer. */
record ChatAnswer(
        @Nullable String content,
        @Nullable String refusal,
        List<ObjectNode> toolCalls,
        @Nullable ObjectNode functionCall,
        List<ObjectNode> annotations,
        @Nullable ObjectNode audio,
        String finishReason) {
    static ChatAnswer text(String text) {
        return new ChatAnswer(text, null, List.of(), null, List.of(), null, "stop");
    }

    ChatAnswer ending(String content, String finishReason) {
        return new ChatAnswer(
                content, refusal, toolCalls, functionCall, annotations, audio, finishReason);
    }

    int tokens() {
        int tokens = content == null || content.isEmpty() ? 0 : Tokens.of(content);
        tokens += refusal == null ? 0 : Tokens.of(refusal);
        tokens += functionCall == null ? 0 : Tokens.of(functionCall);
        for (var call : toolCalls) {
            tokens += Tokens.of(call);
        }
        return tokens;
    }
}

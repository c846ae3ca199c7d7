package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the simulated model answers on Chat Completions.
 *
 * @param thought shown only by old models
 * @param completionTokens of what can be read; reasoning is not among them
 */
record XaiChatAnswer(
        @Nullable String thought,
        String content,
        List<ObjectNode> calls,
        String finishReason,
        int completionTokens,
        int reasoningTokens) {}

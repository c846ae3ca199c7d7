package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.CachedPrefix;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.List;

/** Counts the tokens of a completion. */
final class ChatUsage {
    private final CachedPrefix cache;

    ChatUsage(CachedPrefix cache) {
        this.cache = cache;
    }

    /** The usage of an answer; what was sent is remembered. */
    ObjectNode of(ChatRequest request, List<ChatAnswer> answers, String account) {
        int prompt = request.promptTokens();
        int cached =
                cache.read(
                        account,
                        request.modelId(),
                        request.body().path("tools"),
                        request.messages());
        int reasoning = ChatAnswerer.reasoningTokens(request);
        int completion = answers.stream().mapToInt(ChatAnswer::tokens).sum() + reasoning;
        var usage =
                Trees.object()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", completion)
                        .put("total_tokens", prompt + completion);
        int read = Math.min(cached, prompt);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", read)
                .put("cache_write_tokens", CachedPrefix.written(writes(request), prompt - read))
                .put("audio_tokens", 0);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", reasoning)
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage;
    }

    private static boolean writes(ChatRequest request) {
        return request.model().can(OpenAiModel.Skill.EXPLICIT_CACHE);
    }
}

package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.PrefixCache;
import dev.pillion.sidecar.simulate.kit.Seals;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.time.Duration;
import java.util.List;

/**
 * Counts tokens. A prefix of 1,024 tokens or more that came before is read from the cache, in steps
 * of 128.
 */
final class ChatUsage {
    private static final int LEAST_CACHED = 1_024;
    private static final int STEP = 128;
    private static final Duration TTL = Duration.ofMinutes(30);

    private final PrefixCache seen;

    ChatUsage(PrefixCache seen) {
        this.seen = seen;
    }

    /** The usage of an answer; what was sent is remembered. */
    ObjectNode of(ChatRequest request, List<ChatAnswer> answers, String account) {
        int prompt = request.promptTokens();
        int cached = cached(request, account) / STEP * STEP;
        int reasoning = ChatAnswerer.reasoningTokens(request);
        int completion = answers.stream().mapToInt(ChatAnswer::tokens).sum() + reasoning;
        var usage =
                Trees.object()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", completion)
                        .put("total_tokens", prompt + completion);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", Math.min(cached, prompt))
                .put("audio_tokens", 0);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", reasoning)
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage;
    }

    private int cached(ChatRequest request, String account) {
        var digest =
                Seals.digest(account + request.modelId() + request.body().path("tools").toString());
        int tokens = request.has("tools") ? Tokens.of(request.body().get("tools")) : 0;
        int cached = 0;
        for (var message : request.messages()) {
            digest = Seals.digest(digest + message);
            tokens += Tokens.of(message);
            if (tokens >= LEAST_CACHED) {
                cached = seen.holds(digest) ? tokens : cached;
                seen.keep(digest, TTL);
            }
        }
        return cached;
    }
}

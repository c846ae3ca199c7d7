package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.PrefixCache;
import dev.pillion.sidecar.simulate.kit.Seals;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.time.Duration;
import java.util.List;

/**
 * Counts tokens. Prefixes that came before are read from the implicit cache; what an explicit one
 * holds is taken to be {@value #EXPLICIT} tokens.
 */
final class GeminiUsage {
    private static final Duration TTL = Duration.ofMinutes(30);
    private static final int EXPLICIT = 4_096;
    private static final int IMAGE_TOKENS = 1_500;

    private final PrefixCache seen;

    GeminiUsage(PrefixCache seen) {
        this.seen = seen;
    }

    /** What a prompt comes to: all of it, what of it was cached, and what of it is images. */
    record Prompt(int tokens, int cached, int imageTokens) {}

    /** Counts a prompt; what was sent is remembered. */
    Prompt prompt(GeminiRequest request, String account) {
        boolean explicit = request.body().has("cachedContent");
        int tokens = request.promptTokens() + (explicit ? EXPLICIT : 0);
        int cached = explicit ? EXPLICIT : cached(request, account);
        return new Prompt(tokens, Math.min(cached, tokens), images(request.body(), tokens));
    }

    private int cached(GeminiRequest request, String account) {
        var body = request.body();
        var head = body.path("systemInstruction").toString() + body.path("tools");
        var digest = Seals.digest(account + request.modelId() + head);
        int tokens = body.has("systemInstruction") ? Tokens.of(body.get("systemInstruction")) : 0;
        tokens += body.has("tools") ? Tokens.of(body.get("tools")) : 0;
        int cached = 0;
        for (var content : body.path("contents")) {
            digest = Seals.digest(digest + content);
            tokens += Tokens.of(content);
            if (tokens >= request.model().minCachedTokens()) {
                cached = seen.holds(digest) ? tokens : cached;
                seen.keep(digest, TTL);
            }
        }
        return cached;
    }

    static int images(JsonNode body, int tokens) {
        int blobs = body.path("contents").findValues("inlineData").size();
        return Math.min(tokens, blobs * IMAGE_TOKENS);
    }

    /** The usage while so much has been said; with {@code thinking} only, nothing yet. */
    static ObjectNode of(Prompt prompt, List<GeminiAnswer> answers, int said, boolean thinking) {
        int thought = thinking ? 0 : answers.stream().mapToInt(GeminiAnswer::thoughtTokens).sum();
        int tools = answers.stream().mapToInt(GeminiAnswer::toolTokens).sum();
        var usage = Trees.object().put("promptTokenCount", prompt.tokens);
        if (said > 0) {
            usage.put("candidatesTokenCount", said);
        }
        if (prompt.cached > 0) {
            usage.put("cachedContentTokenCount", prompt.cached);
        }
        usage.put("totalTokenCount", prompt.tokens + said + thought + tools);
        usage.set("promptTokensDetails", details(prompt.tokens, prompt.imageTokens));
        if (prompt.cached > 0) {
            usage.set("cacheTokensDetails", details(prompt.cached, 0));
        }
        if (thought > 0) {
            usage.put("thoughtsTokenCount", thought);
        }
        if (tools > 0) {
            usage.put("toolUsePromptTokenCount", tools);
            usage.set("toolUsePromptTokensDetails", details(tools, 0));
        }
        return usage.put("serviceTier", "standard");
    }

    static ArrayNode details(int tokens, int imageTokens) {
        var details = Trees.array();
        if (imageTokens > 0) {
            details.addObject().put("modality", "IMAGE").put("tokenCount", imageTokens);
        }
        if (tokens > imageTokens) {
            details.addObject().put("modality", "TEXT").put("tokenCount", tokens - imageTokens);
        }
        return details;
    }
}

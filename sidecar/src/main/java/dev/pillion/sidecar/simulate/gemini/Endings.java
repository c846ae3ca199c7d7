package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;

/** How an answer ends: by a stop sequence, by its length, or to be continued. */
final class Endings {
    private Endings() {}

    static GeminiAnswer of(GeminiAnswer answer, GeminiRequest request, GeminiSeals seals) {
        return limited(continued(stopped(answer, request), request, seals), request);
    }

    private static GeminiAnswer stopped(GeminiAnswer answer, GeminiRequest request) {
        var last = answer.parts().getLast();
        var text = Trees.string(last, "text");
        if (text == null) {
            return answer;
        }
        int end = text.length();
        for (var sequence : request.config().path("stopSequences")) {
            int at = sequence.asText().isEmpty() ? -1 : text.indexOf(sequence.asText());
            end = at >= 0 ? Math.min(end, at) : end;
        }
        last.put("text", text.substring(0, end));
        return answer;
    }

    /** The first half with a token, and on the token the rest. */
    private static GeminiAnswer continued(
            GeminiAnswer answer, GeminiRequest request, GeminiSeals seals) {
        var last = answer.parts().getLast();
        var text = Trees.string(last, "text");
        boolean asked = request.lastUserText().contains("SIMULATE_CONTINUATION");
        if (!asked || text == null || !request.model().can(Skill.CONTINUES)) {
            return answer;
        }
        int half = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
        if (request.body().has("continuationToken")) {
            last.put("text", text.substring(half));
            return answer;
        }
        last.put("text", text.substring(0, half));
        answer.extra().put("continuationToken", seals.token(request));
        return ending(answer, "CONTINUATION");
    }

    private static GeminiAnswer limited(GeminiAnswer answer, GeminiRequest request) {
        long left = request.maxTokens() - answer.thoughtTokens();
        if (answer.tokens() <= left) {
            return answer;
        }
        var kept = new ArrayList<ObjectNode>();
        for (var part : answer.parts()) {
            int tokens = GeminiAnswer.tokens(part);
            if (tokens <= left) {
                kept.add(part);
            } else if (part.has("text") && left > 0) {
                kept.add(part.put("text", Tokens.cut(part.path("text").asText(), left)));
            }
            left = Math.max(0, left - tokens);
        }
        answer.extra().remove("groundingMetadata");
        return ending(
                new GeminiAnswer(
                        kept,
                        "MAX_TOKENS",
                        answer.thoughtTokens(),
                        answer.toolTokens(),
                        answer.extra(),
                        null),
                "MAX_TOKENS");
    }

    private static GeminiAnswer ending(GeminiAnswer answer, String reason) {
        return new GeminiAnswer(
                answer.parts(),
                reason,
                answer.thoughtTokens(),
                answer.toolTokens(),
                answer.extra(),
                null);
    }
}

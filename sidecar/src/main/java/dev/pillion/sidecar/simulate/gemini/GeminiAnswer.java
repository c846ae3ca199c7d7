package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One candidate, before it is signed and written.
 *
 * @param thoughtTokens what was thought for it
 * @param toolTokens what the vendor's own tools brought into the prompt
 * @param extra fields of the candidate beside its content: grounding, a token to go on with …
 * @param blockReason why the prompt was blocked, and there is no candidate at all
 */
record GeminiAnswer(
        List<ObjectNode> parts,
        String finishReason,
        int thoughtTokens,
        int toolTokens,
        ObjectNode extra,
        @Nullable String blockReason) {
    /** The tokens of what is shown, thoughts not among them. */
    int tokens() {
        return parts.stream().mapToInt(GeminiAnswer::tokens).sum();
    }

    static int tokens(ObjectNode part) {
        boolean nothing =
                part.path("thought").asBoolean() || part.path("text").asText("x").isEmpty();
        if (nothing) {
            return 0;
        }
        return part.has("text") ? Tokens.of(part.path("text").asText()) : Tokens.of(part);
    }
}

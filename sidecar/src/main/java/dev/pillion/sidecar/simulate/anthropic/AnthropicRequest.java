package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request whose shape is right, with what the rules ask of it.
 *
 * @param modern version 2026-10-21 or later
 * @param counting whether only its tokens are to be counted
 */
record AnthropicRequest(
        JsonNode body,
        String modelId,
        AnthropicModel model,
        boolean modern,
        boolean counting,
        Set<Beta> betas,
        List<Turn> turns) {
    static AnthropicRequest of(
            JsonNode body,
            AnthropicModel model,
            boolean modern,
            boolean counting,
            Set<Beta> betas) {
        return new AnthropicRequest(
                body,
                Trees.string(body, "model", ""),
                model,
                modern,
                counting,
                betas,
                Turn.merge(body.path("messages")));
    }

    /** The value of {@code thinking.type}, or null where the field is absent. */
    @Nullable String thinking() {
        return Trees.string(body.path("thinking"), "type");
    }

    /** Whether this answer begins with thinking. */
    boolean thinks() {
        var asked = thinking();
        return asked == null
                ? model.unasked() == AnthropicModel.Thinking.ON
                : !asked.equals("disabled") && !asked.equals("between_tools");
    }

    String toolChoice() {
        return Trees.string(body.path("tool_choice"), "type", "auto");
    }

    List<JsonNode> tools() {
        return Trees.items(body.get("tools"));
    }

    /** The schema that the answer has to satisfy, in either spelling. */
    @Nullable JsonNode answerSchema() {
        var format = body.path("output_config").path("format");
        var schema = format.isObject() ? format : body.path("output_format");
        return schema.isObject() ? schema.path("schema") : null;
    }

    int promptTokens() {
        int tokens = Tokens.of(body.path("messages"));
        for (var field : new String[] {"system", "tools"}) {
            tokens += body.has(field) ? Tokens.of(body.get(field)) : 0;
        }
        return Math.max(1, tokens);
    }

    int contextTokens() {
        return betas.contains(Beta.LONG_CONTEXT)
                ? Math.max(model.contextTokens(), 1_000_000)
                : model.contextTokens();
    }

    @Nullable Turn lastTurn() {
        return turns.isEmpty() ? null : turns.getLast();
    }
}

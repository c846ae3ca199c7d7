package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.gemini.Turn.Part;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request whose shape is right, with what the rules and the answer ask of it. */
record GeminiRequest(
        JsonNode body, String modelId, GeminiModel model, boolean vertex, List<Turn> turns) {
    private static final int USUAL_THOUGHT = 96;

    static GeminiRequest of(JsonNode body, String modelId, GeminiModel model, boolean vertex) {
        return new GeminiRequest(body, modelId, model, vertex, Turn.of(body.path("contents")));
    }

    JsonNode config() {
        return body.path("generationConfig");
    }

    List<JsonNode> tools() {
        return Trees.items(body.get("tools"));
    }

    List<JsonNode> functions() {
        var functions = new ArrayList<JsonNode>();
        tools().forEach(tool -> tool.path("functionDeclarations").forEach(functions::add));
        return functions;
    }

    /** Whether a tool that the vendor runs itself is offered. */
    boolean offers(String serverTool) {
        return tools().stream().anyMatch(tool -> tool.has(serverTool));
    }

    boolean offersServerTools() {
        return tools().stream()
                .flatMap(tool -> tool.properties().stream())
                .anyMatch(entry -> !entry.getKey().equals("functionDeclarations"));
    }

    JsonNode calling() {
        return body.path("toolConfig").path("functionCallingConfig");
    }

    /** {@code AUTO}, {@code ANY}, {@code NONE} or {@code VALIDATED}. */
    String mode() {
        var mode = Trees.string(calling(), "mode", "AUTO");
        return mode.equals("MODE_UNSPECIFIED") ? "AUTO" : mode;
    }

    boolean showsServerTools() {
        return body.path("toolConfig").path("includeServerSideToolInvocations").asBoolean();
    }

    boolean wantsJson() {
        return Trees.string(config(), "responseMimeType", "").equals("application/json");
    }

    /** The schema of the answer, as JSON Schema. */
    @Nullable JsonNode schema() {
        if (config().has("responseJsonSchema")) {
            return config().get("responseJsonSchema");
        }
        return config().has("responseSchema")
                ? LegacySchema.asJsonSchema(config().get("responseSchema"))
                : null;
    }

    /** Tokens that are thought before this answer. */
    int thoughtTokens() {
        if (!model.can(Skill.THINK)) {
            return 0;
        }
        var thinking = config().path("thinkingConfig");
        long budget = thinking.path("thinkingBudget").asLong(-2);
        if (budget == 0) {
            return 0;
        }
        if (budget > 0) {
            return (int) Math.min(USUAL_THOUGHT, budget);
        }
        return switch (Trees.string(thinking, "thinkingLevel", "")) {
            case "MINIMAL" -> 8;
            case "LOW" -> 32;
            case "HIGH" -> 192;
            case "XHIGH" -> 384;
            default -> usualThought(budget);
        };
    }

    private int usualThought(long budget) {
        boolean usuallyNot = model.levels().isEmpty() && model.budget().usual() == 0;
        return usuallyNot && budget != -1 ? 0 : USUAL_THOUGHT;
    }

    boolean showsThoughts() {
        return thoughtTokens() > 0
                && config().path("thinkingConfig").path("includeThoughts").asBoolean();
    }

    /** The ceiling of the answer, thoughts included. */
    long maxTokens() {
        return Math.min(
                config().path("maxOutputTokens").asLong(model.outputTokens()),
                model.outputTokens());
    }

    int promptTokens() {
        int tokens = Tokens.of(body.path("contents"));
        for (var field : List.of("systemInstruction", "tools")) {
            tokens += body.has(field) ? Tokens.of(body.get(field)) : 0;
        }
        return Math.max(1, tokens);
    }

    /** What the last content that is a person's says. */
    String lastUserText() {
        for (var turn : turns.reversed()) {
            if (turn.opens()) {
                var last = turn.parts().getLast().content();
                var text = new StringBuilder();
                turn.parts().stream()
                        .filter(part -> part.content() == last)
                        .forEach(part -> text.append(part.text()));
                return text.toString();
            }
        }
        return "";
    }

    /** The results of functions that end the conversation. */
    List<Part> results() {
        return turns.isEmpty() ? List.of() : turns.getLast().of("functionResponse");
    }

    /** The turns since a person spoke last. */
    List<Turn> currentTurns() {
        for (int i = turns.size() - 1; i >= 0; i--) {
            if (turns.get(i).opens()) {
                return turns.subList(i, turns.size());
            }
        }
        return turns;
    }

    /** The schema of a function's arguments, as JSON Schema. */
    static JsonNode parameters(JsonNode function) {
        if (function.path("parametersJsonSchema").isObject()) {
            return function.get("parametersJsonSchema");
        }
        return function.path("parameters").isObject()
                ? LegacySchema.asJsonSchema(function.get("parameters"))
                : Trees.object().put("type", "object");
    }
}

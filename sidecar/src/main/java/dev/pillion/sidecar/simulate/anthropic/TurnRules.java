package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.AnthropicErrors.invalid;

import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Skill;
import dev.pillion.sidecar.simulate.anthropic.Turn.Block;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may stand in which turn, and in what order turns come. */
final class TurnRules {
    private static final Set<String> USER =
            Set.of("text", "image", "document", "search_result", "tool_result", "container_upload");
    private static final Set<String> NOT_ASSISTANT =
            Set.of("image", "search_result", "tool_result", "container_upload", "tool_addition");
    private static final Set<String> SYSTEM = Set.of("text", "tool_addition", "tool_removal");
    private static final Map<Skill, Set<String>> NEEDS =
            Map.of(
                    Skill.IMAGES, Set.of("image"),
                    Skill.DOCUMENTS, Set.of("document", "search_result"),
                    Skill.TOOLS, Set.of("tool_use", "tool_result"));

    static final List<Rule<AnthropicRequest>> ALL =
            List.of(
                    TurnRules::emptyMessage,
                    TurnRules::misplaced,
                    TurnRules::badText,
                    TurnRules::badSystem,
                    TurnRules::firstRole,
                    TurnRules::systemTurns,
                    TurnRules::prefill,
                    TurnRules::errorResults);

    private TurnRules() {}

    private static @Nullable VendorError emptyMessage(AnthropicRequest request) {
        var messages = request.body().path("messages");
        for (int i = 0; i < messages.size(); i++) {
            var content = messages.get(i).path("content");
            boolean empty = content.isArray() ? content.isEmpty() : content.asText().isEmpty();
            boolean open =
                    i == messages.size() - 1
                            && messages.get(i).path("role").asText().equals("assistant");
            if (empty && !open) {
                return invalid(
                        "messages."
                                + i
                                + ": all messages must have non-empty content except for the"
                                + " optional final assistant message");
            }
        }
        return null;
    }

    private static @Nullable VendorError misplaced(AnthropicRequest request) {
        for (var turn : request.turns()) {
            for (var block : turn.blocks()) {
                if (!mayStand(block.type(), turn.role(), request.modern())) {
                    return invalid(
                            block.path().dotted()
                                    + ": `"
                                    + block.type()
                                    + "` blocks are not allowed in `"
                                    + turn.role()
                                    + "` messages");
                }
                var lacking = lacking(block.type(), request.model());
                if (lacking != null) {
                    return invalid(
                            "'" + request.modelId() + "' does not support " + lacking + " input.");
                }
            }
        }
        return null;
    }

    private static boolean mayStand(String type, String role, boolean modern) {
        return switch (role) {
            case "user" -> USER.contains(type);
            case "system" -> SYSTEM.contains(type);
            default ->
                    !NOT_ASSISTANT.contains(type)
                            && !type.equals("tool_removal")
                            && !(modern && type.equals("document"));
        };
    }

    private static @Nullable String lacking(String type, AnthropicModel model) {
        for (var need : NEEDS.entrySet()) {
            if (need.getValue().contains(type) && !model.can(need.getKey())) {
                return type;
            }
        }
        return null;
    }

    private static @Nullable VendorError badText(AnthropicRequest request) {
        for (var turn : request.turns()) {
            for (var block : turn.blocks()) {
                var error = block.type().equals("text") ? text(block, turn, request) : null;
                if (error != null) {
                    return error;
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError text(Block block, Turn turn, AnthropicRequest request) {
        var text = block.text("text");
        boolean open = turn.is("assistant") && turn.first() == request.turns().getLast().first();
        if (text.isEmpty() && !open) {
            return invalid("messages: text content blocks must be non-empty");
        }
        // A model's own blank text comes back with its search turns; only callers may not send it.
        if (text.isBlank() && !turn.is("assistant")) {
            return invalid("messages: text content blocks must contain non-whitespace text");
        }
        if (text.isEmpty() && Trees.has(block.node(), "cache_control")) {
            return invalid(
                    block.path().dotted() + ": cache_control cannot be set for empty text blocks");
        }
        if (request.modern() && turn.is("user") && block.node().path("citations").size() > 0) {
            return invalid(
                    block.path().dotted()
                            + ".citations: citations are not allowed in user messages");
        }
        return null;
    }

    private static @Nullable VendorError badSystem(AnthropicRequest request) {
        for (var block : Trees.items(request.body().get("system"))) {
            if (block.path("text").asText().isBlank()) {
                return invalid("system: text content blocks must be non-empty");
            }
        }
        return null;
    }

    private static @Nullable VendorError firstRole(AnthropicRequest request) {
        var first = request.turns().getFirst();
        boolean compacted =
                !first.blocks().isEmpty() && first.blocks().getFirst().type().equals("compaction");
        boolean fine =
                first.is("user")
                        || (first.is("assistant")
                                && (compacted || request.model().can(Skill.ASSISTANT_FIRST)));
        return fine ? null : invalid("messages: first message must use the \"user\" role");
    }

    private static @Nullable VendorError systemTurns(AnthropicRequest request) {
        var turns = request.turns();
        for (int i = 0; i < turns.size(); i++) {
            if (!turns.get(i).is("system")) {
                continue;
            }
            var at = "messages." + turns.get(i).first();
            if (!request.model().can(Skill.SYSTEM_TURNS)) {
                // Changes of tools in mid conversation are their own beta, open to more models.
                if (turns.get(i).ofType("text").isEmpty()) {
                    continue;
                }
                return invalid(at + ": role 'system' is not supported on this model");
            }
            boolean afterUser = i > 0 && turns.get(i - 1).is("user");
            boolean beforeUser = i + 1 < turns.size() && turns.get(i + 1).is("user");
            if (!afterUser || beforeUser) {
                return invalid(
                        at
                                + ": system messages must directly follow a user turn and precede"
                                + " an assistant turn or end the conversation");
            }
        }
        return null;
    }

    private static @Nullable VendorError prefill(AnthropicRequest request) {
        var last = request.turns().getLast();
        if (!last.is("assistant") || last.blocks().isEmpty()) {
            return null;
        }
        var end = last.blocks().getLast();
        if (ServerToolRules.unanswered(last).isPresent() || end.type().endsWith("_tool_result")) {
            return null;
        }
        if (!request.model().can(Skill.PREFILL)) {
            return invalid(
                    "This model does not support assistant message prefill. The conversation must"
                            + " end with a user message.");
        }
        if (request.answerSchema() != null) {
            return invalid("output_config.format: prefill is not supported with output formats");
        }
        var text = end.text("text");
        return end.type().equals("text") && !text.stripTrailing().equals(text)
                ? invalid("messages: final assistant content cannot end with trailing whitespace")
                : null;
    }

    private static @Nullable VendorError errorResults(AnthropicRequest request) {
        for (var turn : request.turns()) {
            for (var block : turn.ofType("tool_result")) {
                if (!block.node().path("is_error").asBoolean()) {
                    continue;
                }
                for (var part : block.node().path("content")) {
                    if (!part.path("type").asText().equals("text")) {
                        return invalid(
                                block.path().dotted()
                                        + ": all content must be type \"text\" if `is_error` is"
                                        + " true");
                    }
                }
            }
        }
        return null;
    }
}

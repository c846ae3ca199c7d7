package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.AnthropicErrors.invalid;

import dev.pillion.sidecar.simulate.anthropic.Turn.Block;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the vendor's own tools did has to come back whole: each use with its result. */
final class ServerToolRules {
    private static final Set<String> USES = Set.of("server_tool_use", "mcp_tool_use");

    static final List<Rule<AnthropicRequest>> ALL =
            List.of(ServerToolRules::strayResults, ServerToolRules::lostResults);

    private ServerToolRules() {}

    private static boolean isResult(Block block) {
        return block.type().endsWith("_tool_result") || block.type().equals("mcp_tool_result");
    }

    /** The first use that has no result in its turn. */
    static Optional<Block> unanswered(Turn turn) {
        var answered = new HashSet<String>();
        turn.blocks().stream()
                .filter(ServerToolRules::isResult)
                .forEach(block -> answered.add(block.text("tool_use_id")));
        return turn.blocks().stream()
                .filter(block -> USES.contains(block.type()))
                .filter(block -> !answered.contains(block.text("id")))
                .findFirst();
    }

    private static @Nullable VendorError strayResults(AnthropicRequest request) {
        for (var turn : request.turns()) {
            var used = new HashSet<String>();
            for (var block : turn.blocks()) {
                if (USES.contains(block.type())) {
                    used.add(block.text("id"));
                }
                if (isResult(block) && !used.contains(block.text("tool_use_id"))) {
                    return invalid(
                            block.path().dotted()
                                    + ": unexpected `tool_use_id` found in `"
                                    + block.type()
                                    + "` blocks: "
                                    + block.text("tool_use_id")
                                    + ". Each `"
                                    + block.type()
                                    + "` block must have a corresponding `server_tool_use` block"
                                    + " before it.");
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError lostResults(AnthropicRequest request) {
        var turns = request.turns();
        for (int i = 0; i + 1 < turns.size(); i++) {
            var turn = turns.get(i);
            var lost =
                    turn.ofType("tool_use").isEmpty() ? unanswered(turn) : Optional.<Block>empty();
            if (turn.is("assistant") && lost.isPresent()) {
                var name = lost.get().text("name");
                return invalid(
                        "messages."
                                + turn.last()
                                + ": `"
                                + name
                                + "` tool use with id `"
                                + lost.get().text("id")
                                + "` was found without a corresponding `"
                                + name
                                + "_tool_result` block");
            }
        }
        return null;
    }
}

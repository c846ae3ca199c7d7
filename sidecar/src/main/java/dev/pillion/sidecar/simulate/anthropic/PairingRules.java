package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.AnthropicErrors.invalid;

import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Skill;
import dev.pillion.sidecar.simulate.anthropic.Turn.Block;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every call has exactly one result, and the results open the very next user turn. */
final class PairingRules {
    static final List<Rule<AnthropicRequest>> ALL =
            List.of(
                    PairingRules::uniqueCalls,
                    PairingRules::unanswered,
                    PairingRules::unasked,
                    PairingRules::resultsFirst,
                    PairingRules::thinkingBeforeCalls);
    private static final String VENDORS_OWN = "toolu_[A-Za-z0-9]{20,30}";

    private PairingRules() {}

    private static @Nullable VendorError uniqueCalls(AnthropicRequest request) {
        for (var turn : request.turns()) {
            var seen = new HashSet<String>();
            for (var call : turn.ofType("tool_use")) {
                if (!seen.add(call.text("id"))) {
                    return invalid(call.path().dotted() + ": `tool_use` ids must be unique");
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError unanswered(AnthropicRequest request) {
        var turns = request.turns();
        for (int i = 0; i < turns.size(); i++) {
            var calls = ids(turns.get(i).ofType("tool_use"), "id");
            var results = i + 1 < turns.size() ? results(turns.get(i + 1)) : List.<String>of();
            var open = new ArrayList<>(calls);
            open.removeAll(results);
            if (!open.isEmpty() && !byCount(request, calls, results)) {
                return invalid(
                        "messages."
                                + turns.get(i).last()
                                + ": `tool_use` ids were found without `tool_result` blocks"
                                + " immediately after: "
                                + String.join(", ", open)
                                + ". Each `tool_use` block must have a corresponding"
                                + " `tool_result` block in the next message.");
            }
        }
        return null;
    }

    private static @Nullable VendorError unasked(AnthropicRequest request) {
        var turns = request.turns();
        for (int i = 0; i < turns.size(); i++) {
            var calls = i > 0 ? ids(turns.get(i - 1).ofType("tool_use"), "id") : List.<String>of();
            var seen = new HashSet<String>();
            for (var result : turns.get(i).ofType("tool_result")) {
                var id = result.text("tool_use_id");
                if (!calls.contains(id) && !byCount(request, calls, results(turns.get(i)))) {
                    return invalid(
                            result.path().dotted()
                                    + ": unexpected `tool_use_id` found in `tool_result` blocks: "
                                    + id
                                    + ". Each `tool_result` block must have a corresponding"
                                    + " `tool_use` block in the previous message.");
                }
                if (!seen.add(id)) {
                    return invalid(
                            result.path().dotted()
                                    + ": each tool_use must have a single result. Found multiple"
                                    + " `tool_result` blocks with id: "
                                    + id);
                }
            }
        }
        return null;
    }

    /** The first generation took results whose ids were another recording's. */
    private static boolean byCount(
            AnthropicRequest request, List<String> calls, List<String> results) {
        return request.model().can(Skill.PAIRS_BY_COUNT)
                && calls.size() == results.size()
                && results.stream().allMatch(id -> id.matches(VENDORS_OWN))
                && calls.stream().allMatch(id -> id.matches(VENDORS_OWN));
    }

    private static @Nullable VendorError resultsFirst(AnthropicRequest request) {
        for (var turn : request.turns()) {
            boolean other = false;
            for (var block : turn.blocks()) {
                if (!block.type().equals("tool_result")) {
                    other = true;
                } else if (other) {
                    return invalid(
                            block.path().dotted()
                                    + ": `tool_result` blocks must come first in the content of a"
                                    + " user message");
                }
            }
        }
        return null;
    }

    /** With a thinking budget, the turn whose results come now has to begin with its thinking. */
    private static @Nullable VendorError thinkingBeforeCalls(AnthropicRequest request) {
        var turns = request.turns();
        if (!"enabled".equals(request.thinking()) || turns.size() < 2) {
            return null;
        }
        var calling = turns.get(turns.size() - 2);
        boolean loop = calling.is("assistant") && !results(turns.getLast()).isEmpty();
        if (!loop || calling.blocks().getFirst().type().endsWith("thinking")) {
            return null;
        }
        var first = calling.blocks().getFirst();
        return invalid(
                first.path().dotted()
                        + ".type: Expected `thinking` or `redacted_thinking`, but found `"
                        + first.type()
                        + "`. When `thinking` is enabled, a final `assistant` message must start"
                        + " with a thinking block (preceeding the lastmost set of `tool_use` and"
                        + " `tool_result` blocks).");
    }

    private static List<String> results(Turn turn) {
        return turn.is("user") ? ids(turn.ofType("tool_result"), "tool_use_id") : List.of();
    }

    private static List<String> ids(List<Block> blocks, String field) {
        return blocks.stream().map(block -> block.text(field)).toList();
    }
}

package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.AnthropicErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cache marks: at most four, those that live longer first. */
final class CacheRules {
    private static final int MAX_MARKS = 4;

    static final List<Rule<AnthropicRequest>> ALL = List.of(CacheRules::count, CacheRules::order);

    private CacheRules() {}

    private static @Nullable VendorError count(AnthropicRequest request) {
        int marks = marks(request).size() + (Trees.has(request.body(), "cache_control") ? 1 : 0);
        return marks <= MAX_MARKS
                ? null
                : invalid(
                        "A maximum of 4 blocks with cache_control may be provided. Found "
                                + marks
                                + ".");
    }

    private static @Nullable VendorError order(AnthropicRequest request) {
        boolean shorter = false;
        for (var ttl : marks(request)) {
            if (ttl.equals("1h") && shorter) {
                return invalid(
                        "a ttl='1h' cache_control block must not come after a ttl='5m'"
                                + " cache_control block. Blocks are processed in the order:"
                                + " tools, system, messages.");
            }
            shorter |= ttl.equals("5m");
        }
        return null;
    }

    /** The lifetime of every mark, in the order of the prompt. */
    private static List<String> marks(AnthropicRequest request) {
        var found = new ArrayList<String>();
        request.tools().forEach(tool -> add(tool, found));
        Trees.items(request.body().get("system")).forEach(block -> add(block, found));
        for (var turn : request.turns()) {
            for (var block : turn.blocks()) {
                for (var part : Trees.items(block.node().get("content"))) {
                    add(part, found);
                }
                add(block.node(), found);
            }
        }
        return found;
    }

    private static void add(JsonNode node, List<String> found) {
        if (Trees.has(node, "cache_control")) {
            found.add(Trees.string(node.path("cache_control"), "ttl", "5m"));
        }
    }
}

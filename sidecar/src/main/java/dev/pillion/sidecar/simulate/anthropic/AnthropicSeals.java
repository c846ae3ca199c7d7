package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.AnthropicErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Skill;
import dev.pillion.sidecar.simulate.anthropic.Turn.Block;
import dev.pillion.sidecar.simulate.kit.Seals;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import org.jspecify.annotations.Nullable;

/**
 * Signatures of thinking and encrypted search state: what was handed out has to come back as it
 * was. Only seals that claim to be this simulation's are judged; recorded ones pass.
 */
final class AnthropicSeals {
    private static final String MARK = "EsimPillion";
    private final Seals thinking;
    private final Seals bound;
    private final Seals redacted;
    private final Seals search;

    AnthropicSeals(String account) {
        thinking = new Seals(account + " thinking", MARK + "T");
        bound = new Seals(account + " bound", MARK + "B");
        redacted = new Seals(account + " redacted", MARK + "R");
        search = new Seals(account + " search", MARK + "S");
    }

    /** The signature of thinking that this request's answer begins with. */
    String sign(AnthropicRequest request, String thought) {
        return request.model().can(Skill.BOUND_THINKING)
                ? bound.seal(thought + prefix(request, turnsBefore(request)))
                : thinking.seal(thought);
    }

    /** A continued answer will come back as one turn with what it continues. */
    private static int turnsBefore(AnthropicRequest request) {
        var last = request.lastTurn();
        int turns = request.turns().size();
        return last != null && last.is("assistant") ? turns - 1 : turns;
    }

    String redact(int index) {
        return redacted.seal("redacted " + index) + "." + index;
    }

    String encrypt(String url) {
        return search.seal(url);
    }

    @Nullable VendorError broken(AnthropicRequest request) {
        for (int i = 0; i < request.turns().size(); i++) {
            for (var block : request.turns().get(i).blocks()) {
                var error = block(request, i, block);
                if (error != null) {
                    return error;
                }
            }
        }
        return null;
    }

    private @Nullable VendorError block(AnthropicRequest request, int turn, Block block) {
        return switch (block.type()) {
            case "thinking" -> thinking(request, turn, block);
            case "redacted_thinking" -> redacted(block);
            case "web_search_tool_result" -> results(block);
            case "text" -> citations(block);
            default -> null;
        };
    }

    private @Nullable VendorError thinking(AnthropicRequest request, int turn, Block block) {
        var signature = block.text("signature");
        var thought = block.text("thinking");
        if (thinking.isOurs(signature) && !thinking.verifies(signature, thought)) {
            return wrongSignature(block);
        }
        if (!bound.isOurs(signature) || dropsMismatches(request)) {
            return null;
        }
        return bound.verifies(signature, thought + prefix(request, turn))
                ? null
                : wrongSignature(block);
    }

    private static boolean dropsMismatches(AnthropicRequest request) {
        var binding = request.body().path("thinking").path("block_binding");
        return binding.path("prefix_mismatch_behavior").asText().equals("drop_block");
    }

    private static VendorError wrongSignature(Block block) {
        return invalid(block.path().dotted() + ": Invalid `signature` in `thinking` block");
    }

    private @Nullable VendorError redacted(Block block) {
        var data = block.text("data");
        int dot = data.lastIndexOf('.');
        boolean fine =
                !redacted.isOurs(data)
                        || (dot > 0
                                && redacted.verifies(
                                        data.substring(0, dot),
                                        "redacted " + data.substring(dot + 1)));
        return fine
                ? null
                : invalid(block.path().dotted() + ": Invalid `data` in `redacted_thinking` block");
    }

    private @Nullable VendorError results(Block block) {
        for (var result : Trees.items(block.node().get("content"))) {
            var sealed = Trees.string(result, "encrypted_content", "");
            if (!genuine(sealed, Trees.string(result, "url", ""))) {
                return invalid(block.path().dotted() + ": Invalid `encrypted_content`");
            }
        }
        return null;
    }

    private @Nullable VendorError citations(Block block) {
        for (var citation : Trees.items(block.node().get("citations"))) {
            var sealed = Trees.string(citation, "encrypted_index", "");
            if (!genuine(sealed, Trees.string(citation, "url", ""))) {
                return invalid(block.path().dotted() + ": Invalid `encrypted_index`");
            }
        }
        return null;
    }

    private boolean genuine(String sealed, String url) {
        return !search.isOurs(sealed) || search.verifies(sealed, url);
    }

    /** A digest of the prompt before a turn, without thinking, cache marks and nulls. */
    private static String prefix(AnthropicRequest request, int turns) {
        var all = Trees.array();
        all.add(plain(request.body().path("tools")));
        var system = request.body().path("system");
        all.add(system.isTextual() ? Trees.text(system.textValue()) : plain(system));
        for (var turn : request.turns().subList(0, turns)) {
            all.add(turn.role());
            turn.blocks().stream()
                    .filter(block -> !block.type().endsWith("thinking"))
                    .forEach(block -> all.add(plain(block.node())));
        }
        return Seals.digest(Trees.write(all));
    }

    private static JsonNode plain(JsonNode node) {
        if (!node.isContainerNode()) {
            return node.isMissingNode() ? Trees.array() : node;
        }
        if (node.isArray()) {
            var copy = Trees.array();
            node.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        ObjectNode copy = Trees.object();
        for (var entry : node.properties()) {
            if (!entry.getKey().equals("cache_control") && !entry.getValue().isNull()) {
                copy.set(entry.getKey(), plain(entry.getValue()));
            }
        }
        return copy;
    }
}

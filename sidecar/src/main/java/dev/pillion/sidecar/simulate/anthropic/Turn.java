package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages of one role in a row, which the vendor takes as one.
 *
 * @param first the index of the first message
 * @param last the index of the last one
 */
record Turn(String role, int first, int last, List<Block> blocks) {
    /** A content block and where it stands. */
    record Block(JsonNode node, Path path) {
        String type() {
            return Trees.string(node, "type", "");
        }

        String text(String field) {
            return Trees.string(node, field, "");
        }
    }

    static List<Turn> merge(JsonNode messages) {
        var turns = new ArrayList<Turn>();
        for (int i = 0; i < messages.size(); i++) {
            var role = Trees.string(messages.get(i), "role", "");
            var blocks = blocks(messages.get(i).path("content"), i);
            var before = turns.isEmpty() ? null : turns.getLast();
            if (before != null && before.role.equals(role)) {
                var all = new ArrayList<>(before.blocks);
                all.addAll(blocks);
                turns.set(turns.size() - 1, new Turn(role, before.first, i, all));
            } else {
                turns.add(new Turn(role, i, i, blocks));
            }
        }
        return turns;
    }

    private static List<Block> blocks(JsonNode content, int message) {
        var path = Path.ROOT.field("messages").item(message).field("content");
        var blocks = new ArrayList<Block>();
        if (content.isTextual()) {
            var text = Trees.object().put("type", "text").put("text", content.textValue());
            blocks.add(new Block(text, path));
        }
        for (int i = 0; content.isArray() && i < content.size(); i++) {
            blocks.add(new Block(content.get(i), path.item(i)));
        }
        return blocks;
    }

    boolean is(String wanted) {
        return role.equals(wanted);
    }

    List<Block> ofType(String type) {
        return blocks.stream().filter(block -> block.type().equals(type)).toList();
    }

    /** The text of the turn, blocks joined by a line end. */
    String text() {
        return String.join("\n", ofType("text").stream().map(block -> block.text("text")).toList());
    }
}

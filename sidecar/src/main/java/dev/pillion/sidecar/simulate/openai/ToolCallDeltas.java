package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.List;

/** Calls as fragments: id, type and name with the first, then the arguments piece by piece. */
final class ToolCallDeltas {
    private static final int PIECE_CHARS = 9;

    private ToolCallDeltas() {}

    static void add(List<ObjectNode> deltas, ObjectNode call, int index) {
        var type = call.path("type").asText();
        var what = call.path(type);
        var field = type.equals("custom") ? "input" : "arguments";
        var opening = opening(deltas, index);
        opening.put("id", call.path("id").asText()).put("type", type);
        opening.putObject(type).put("name", what.path("name").asText()).put(field, "");
        var text = what.path(field).asText();
        for (int at = 0; at < text.length(); at += PIECE_CHARS) {
            opening(deltas, index).putObject(type).put(field, piece(text, at));
        }
    }

    private static ObjectNode opening(List<ObjectNode> deltas, int index) {
        var delta = Trees.object();
        deltas.add(delta);
        return delta.putArray("tool_calls").addObject().put("index", index);
    }

    static void addLegacy(List<ObjectNode> deltas, ObjectNode call) {
        var first = Trees.object();
        first.putObject("function_call")
                .put("name", call.path("name").asText())
                .put("arguments", "");
        deltas.add(first);
        var text = call.path("arguments").asText();
        for (int at = 0; at < text.length(); at += PIECE_CHARS) {
            var delta = Trees.object();
            delta.putObject("function_call").put("arguments", piece(text, at));
            deltas.add(delta);
        }
    }

    private static String piece(String text, int at) {
        return text.substring(at, Math.min(text.length(), at + PIECE_CHARS));
    }
}

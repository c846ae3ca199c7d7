package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.ArrayList;
import java.util.List;

/** Contents of one role that follow each other, taken as one. */
record Turn(String role, List<Part> parts) {
    /** A part, and where it stands. */
    record Part(JsonNode node, Path path, int content) {
        boolean is(String data) {
            return node.has(data);
        }

        String text() {
            return Trees.string(node, "text", "");
        }

        boolean thought() {
            return node.path("thought").asBoolean();
        }
    }

    List<Part> of(String data) {
        return parts.stream().filter(part -> part.is(data)).toList();
    }

    boolean isModel() {
        return role.equals("model");
    }

    /** Whether a person says something here, and not only the caller's functions. */
    boolean opens() {
        return !isModel() && of("functionResponse").isEmpty();
    }

    static List<Turn> of(JsonNode contents) {
        var turns = new ArrayList<Turn>();
        for (int i = 0; i < contents.size(); i++) {
            var role = contents.get(i).path("role").asText().equals("model") ? "model" : "user";
            var parts = parts(contents.get(i), i);
            if (!turns.isEmpty() && turns.getLast().role.equals(role)) {
                var joined = new ArrayList<>(turns.removeLast().parts);
                joined.addAll(parts);
                turns.add(new Turn(role, joined));
            } else {
                turns.add(new Turn(role, parts));
            }
        }
        return turns;
    }

    private static List<Part> parts(JsonNode content, int index) {
        var parts = new ArrayList<Part>();
        var path = Path.ROOT.field("contents").item(index).field("parts");
        var nodes = content.path("parts");
        for (int j = 0; j < nodes.size(); j++) {
            parts.add(new Part(nodes.get(j), path.item(j), index));
        }
        return parts;
    }
}

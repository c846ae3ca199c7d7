package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Breaks JSON in one place: a value becomes another of any kind, or goes. */
final class Mutations {
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "-1",
                    "1e400",
                    "0.5",
                    "123456789012345678901234567890",
                    "\"\"",
                    "\"text\"",
                    "\"error\"",
                    "[]",
                    "[null]",
                    "[[\"x\"]]",
                    "{}",
                    "{\"type\":\"text\"}",
                    "{\"type\":null}");

    private Mutations() {}

    static String mutate(JsonNode tree, Random random) {
        JsonNode copy = tree.deepCopy();
        List<JsonNode> containers = new ArrayList<>();
        collect(copy, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        JsonNode value = Samples.json(VALUES.get(random.nextInt(VALUES.size())));
        boolean removes = random.nextInt(5) == 0;
        if (container instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (removes) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (container instanceof ArrayNode array && !array.isEmpty()) {
            int index = random.nextInt(array.size());
            if (removes) {
                array.remove(index);
            } else {
                array.set(index, value);
            }
        }
        return copy.toString();
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode()) {
            into.add(node);
            node.forEach(child -> collect(child, into));
        }
    }
}

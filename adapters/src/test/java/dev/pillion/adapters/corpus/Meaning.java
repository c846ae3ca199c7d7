package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Compares JSON by meaning: order of members is free, numbers are equal by value, and what a format
 * holds for the same is made the same by its rules first.
 */
public final class Meaning {

    /**
     * One way in which two texts differ and mean the same.
     *
     * @param reason why the vendor takes both alike
     */
    public record Rule(String name, String reason, Consumer<ObjectNode> normalise) {}

    private final List<Rule> rules;

    public Meaning(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The differences, each a JSON pointer with both values; none when they mean the same. */
    public List<String> differences(JsonNode expected, JsonNode actual) {
        List<String> found = new ArrayList<>();
        compare(normal(expected), normal(actual), "", found);
        return found;
    }

    /** The JSON with everything said in one way. */
    public JsonNode normal(JsonNode node) {
        JsonNode copy = node.deepCopy();
        if (copy instanceof ObjectNode object) {
            rules.forEach(rule -> rule.normalise().accept(object));
        }
        return copy;
    }

    /** The number of values in the JSON: what was compared. */
    public static int leaves(JsonNode node) {
        if (!node.isContainerNode()) {
            return 1;
        }
        int count = 0;
        for (JsonNode child : node) {
            count += leaves(child);
        }
        return Math.max(count, 1);
    }

    static void compare(JsonNode expected, JsonNode actual, String at, List<String> found) {
        if (expected.isObject() && actual.isObject()) {
            var names = new TreeSet<String>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                compare(expected.path(name), actual.path(name), at + "/" + name, found);
            }
        } else if (expected.isArray() && actual.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                compare(expected.path(i), actual.path(i), at + "/" + i, found);
            }
        } else if (!same(expected, actual)) {
            found.add(at + ": " + brief(expected) + " became " + brief(actual));
        }
    }

    private static boolean same(JsonNode a, JsonNode b) {
        boolean numbers = a.isNumber() && b.isNumber();
        return numbers ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    private static String brief(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() > 160 ? text.substring(0, 160) + "…" : text;
    }
}

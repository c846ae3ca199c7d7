package dev.pillion.sidecar.cross;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a function's schema demands, without the keywords by which vendors' subsets differ: every
 * property with its type, its description, its allowed values, and whether it is required.
 */
final class Skeleton {
    private Skeleton() {}

    /** What the first demands and the second does not say, or the other way round. */
    static List<String> difference(JsonNode ours, JsonNode theirs) {
        var here = new TreeSet<String>();
        var there = new TreeSet<String>();
        walk("", ours, ours, here, 0);
        walk("", theirs, theirs, there, 0);
        here.remove(" type object"); // A function's arguments are nothing else.
        there.remove(" type object");
        var found = new ArrayList<String>();
        here.stream().filter(line -> !there.contains(line)).forEach(l -> found.add("lacks " + l));
        there.stream().filter(line -> !here.contains(line)).forEach(l -> found.add("has " + l));
        return found;
    }

    private static void walk(
            String path, JsonNode schema, JsonNode root, Set<String> out, int depth) {
        if (depth > 8) {
            return; // A schema that refers to itself.
        }
        JsonNode at = schema;
        String ref = schema.path("$ref").asText();
        if (ref.startsWith("#/")) {
            at = root.at(ref.substring(1));
        }
        JsonNode type = at.path("type");
        if (type.isTextual()) {
            out.add(path + " type " + type.asText().toLowerCase(Locale.ROOT));
        }
        for (JsonNode value : at.path("enum")) {
            out.add(path + " value " + value.asText());
        }
        if (at.has("const")) {
            out.add(path + " value " + at.path("const").asText());
        }
        at.path("required").forEach(name -> out.add(path + " requires " + name.asText()));
        for (Iterator<String> names = at.path("properties").fieldNames(); names.hasNext(); ) {
            String name = names.next();
            walk(path + "/" + name, at.path("properties").path(name), root, out, depth + 1);
        }
        if (at.path("items").isObject()) {
            walk(path + "/[]", at.path("items"), root, out, depth + 1);
        }
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            JsonNode all = at.path(choice);
            for (JsonNode each : all) {
                walk(all.size() == 1 ? path : path + "/?", each, root, out, depth + 1);
            }
        }
    }
}

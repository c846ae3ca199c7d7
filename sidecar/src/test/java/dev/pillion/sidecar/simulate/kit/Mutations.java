package dev.pillion.sidecar.simulate.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Changes one thing in a good request. Which changes make it bad is written here and in the
 * vendors' tests by hand, not taken from the shapes that are tested.
 */
public final class Mutations {
    private static final int SEED = 20261122;
    private static final int A_REQUEST = 30;

    private final Set<String> free;
    private final Map<String, List<String>> required;
    private final List<Mutant> mutants = new ArrayList<>();
    private final JsonNode original;

    /** A request that has become bad, and how. */
    public record Mutant(String what, String where, JsonNode body) {}

    /**
     * @param free names of fields whose values are the caller's own affair
     * @param required by the value of {@code type} or {@code role}, or by the name of the field
     *     that holds the object: what must be there
     */
    public Mutations(JsonNode original, Set<String> free, Map<String, List<String>> required) {
        this.original = original;
        this.free = free;
        this.required = required;
    }

    public Mutations add(String what, ObjectNode body) {
        if (!body.equals(original)) {
            mutants.add(new Mutant(what, "", body));
        }
        return this;
    }

    public ObjectNode copy() {
        return original.deepCopy();
    }

    /** The request with another value in one of its fields. */
    public ObjectNode with(String field, String json) {
        return with("", field, json);
    }

    /** The request with another value in a field of the object that the pointer leads to. */
    public ObjectNode with(String pointer, String field, String json) {
        var copy = copy();
        ((ObjectNode) copy.at(pointer)).set(field, Trees.own(json));
        return copy;
    }

    /** The request with an item of one of its arrays twice. */
    public ObjectNode twice(String array, int index) {
        var copy = copy();
        var items = (ArrayNode) copy.path(array);
        items.insert(index, items.get(index));
        return copy;
    }

    /** The request without an item of one of its arrays. */
    public ObjectNode without(String array, int index) {
        var copy = copy();
        ((ArrayNode) copy.path(array)).remove(index);
        return copy;
    }

    /** Wrong types, unknown fields and lost fields, everywhere in the document. */
    public Mutations everywhere() {
        walk(original, "", "");
        return this;
    }

    private void walk(JsonNode node, String pointer, String name) {
        if (!pointer.isEmpty() && !node.isNull()) {
            mutants.add(new Mutant("wrong type", pointer, replaced(pointer, wrong(node))));
        }
        if (node.isObject()) {
            object(node, pointer, name);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            walk(node.get(i), pointer + "/" + i, name + "[]");
        }
    }

    private void object(JsonNode node, String pointer, String name) {
        var more = original.deepCopy();
        ((ObjectNode) more.at(pointer)).put("unexpected_field", 1);
        mutants.add(new Mutant("unknown field", pointer, more));
        for (var lost : required(node, name)) {
            if (node.has(lost)) {
                var less = original.deepCopy();
                ((ObjectNode) less.at(pointer)).remove(lost);
                mutants.add(new Mutant("field removed", pointer + "/" + lost, less));
            }
        }
        for (var entry : node.properties()) {
            if (!free.contains(entry.getKey())) {
                walk(entry.getValue(), pointer + "/" + escape(entry.getKey()), entry.getKey());
            }
        }
    }

    private List<String> required(JsonNode node, String name) {
        var all = new ArrayList<String>(required.getOrDefault(name, List.of()));
        for (var tag : new String[] {"type", "role"}) {
            var key = tag + "=" + node.path(tag).asText();
            all.addAll(required.getOrDefault(key, List.of()));
        }
        return all;
    }

    private static JsonNode wrong(JsonNode node) {
        var make = JsonNodeFactory.instance;
        return node.isNumber() || node.isBoolean() ? make.textNode("wrong") : make.numberNode(7);
    }

    private JsonNode replaced(String pointer, JsonNode value) {
        var copy = original.deepCopy();
        int slash = pointer.lastIndexOf('/');
        var parent = copy.at(pointer.substring(0, slash));
        var last = pointer.substring(slash + 1);
        switch (parent) {
            case ObjectNode object -> object.set(unescape(last), value);
            case ArrayNode array -> array.set(Integer.parseInt(last), value);
            default -> throw new IllegalStateException(pointer);
        }
        return copy;
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String unescape(String name) {
        return name.replace("~1", "/").replace("~0", "~");
    }

    /** At most so many of the mutants, those of every kind among them, by a fixed seed. */
    public List<Mutant> sample(int most) {
        var random = new Random(SEED + original.toString().hashCode());
        var left = new ArrayList<>(mutants);
        var chosen = new ArrayList<Mutant>();
        while (chosen.size() < most && !left.isEmpty()) {
            chosen.add(left.remove(random.nextInt(left.size())));
        }
        return chosen;
    }

    /**
     * Checks that mutants of the recorded requests that a vendor accepted are refused.
     *
     * @param own adds the mutants that the vendor's format suggests
     * @param refuses whether a request, sent like the recorded one, is refused
     */
    public static void assertRefused(
            String name,
            List<Corpus.Exchange> exchanges,
            Set<String> free,
            Map<String, List<String>> required,
            BiConsumer<Corpus.Exchange, Mutations> own,
            BiPredicate<Corpus.Exchange, JsonNode> refuses) {
        var tally = new Tally();
        for (var exchange : exchanges) {
            if (exchange.status() < 300) {
                var mutations = new Mutations(exchange.body(), free, required).everywhere();
                own.accept(exchange, mutations);
                var sample = mutations.sample(A_REQUEST);
                tally.judge(exchange, sample, body -> refuses.test(exchange, body));
            }
        }
        System.out.println(name + ": " + tally);
        assertEquals(List.of(), tally.accepted());
    }

    /** How many mutants of each kind were refused, of how many. */
    public static final class Tally {
        private final Map<String, int[]> counts = new TreeMap<>();
        private final List<String> accepted = new ArrayList<>();

        /** Judges the mutants of one request. */
        public void judge(Object id, List<Mutant> mutants, Function<JsonNode, Boolean> refuses) {
            for (var mutant : mutants) {
                var count = counts.computeIfAbsent(mutant.what(), _ -> new int[2]);
                count[1]++;
                if (refuses.apply(mutant.body())) {
                    count[0]++;
                } else {
                    accepted.add(id + ": " + mutant.what() + " " + mutant.where());
                }
            }
        }

        public List<String> accepted() {
            return accepted;
        }

        @Override
        public String toString() {
            var lines = new StringBuilder();
            int refused = 0;
            int all = 0;
            for (var entry : counts.entrySet()) {
                refused += entry.getValue()[0];
                all += entry.getValue()[1];
                lines.append(
                        "  %-34s %6d of %6d%n"
                                .formatted(
                                        entry.getKey(), entry.getValue()[0], entry.getValue()[1]));
            }
            return "refused %d of %d mutants%n%s".formatted(refused, all, lines);
        }
    }
}

package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode TEXT = tree(ConfigSchema.text());
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TEXT);

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> violations(JsonNode document) {
        return SCHEMA.validate(document).stream().map(Object::toString).toList();
    }

    @Test
    void readerAndSchemaKnowTheSameKeys() {
        var inSchema = new TreeSet<String>();
        collect(TEXT, "", inSchema);
        var inReader = new TreeSet<String>();
        for (Shape shape : Shape.values()) {
            shape.keys().forEach(key -> inReader.add(shape.pattern(key)));
        }
        var oneClassForAll = new TreeSet<String>();
        inSchema.forEach(path ->
                oneClassForAll.add(
                        path.replaceFirst(
                                "^routing\\.classes\\.(fast|balanced|frontier)\\.",
                                "routing.classes.*.")));
        assertEquals(inReader, oneClassForAll);
    }

    /**
     * All paths that a schema allows, with {@code *} for a free name and {@code []} for an element.
     */
    private static void collect(JsonNode schema, String path, Set<String> paths) {
        if (schema.has("$ref")) {
            String name = schema.get("$ref").asText().substring("#/$defs/".length());
            collect(TEXT.get("$defs").get(name), path, paths);
        }
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                schema.get(choice).forEach(option -> collect(option, path, paths));
            }
        }
        if (schema.has("items")) {
            String element = path.equals("models[].price") ? path : path + "[]"; // one or a list
            collect(schema.get("items"), element, paths);
        }
        if (schema.path("additionalProperties").isObject()) {
            collect(schema.get("additionalProperties"), path + ".*", paths);
        }
        schema.path("properties")
                .properties()
                .forEach(property -> {
                    String name = property.getKey();
                    String at = path.isEmpty() ? name : path + "." + name;
                    paths.add(at);
                    collect(property.getValue(), at, paths);
                });
    }

    @Test
    void everyKeyOfTheSchemaIsDescribed() {
        var bare = new ArrayList<String>();
        undescribed(TEXT, "", bare);
        assertEquals(List.of(), bare);
    }

    private static void undescribed(JsonNode node, String path, List<String> bare) {
        node.path("properties")
                .properties()
                .forEach(property -> {
                    JsonNode schema = property.getValue();
                    String ref = schema.path("$ref").asText("");
                    String name = ref.substring(ref.lastIndexOf('/') + 1);
                    JsonNode target = TEXT.get("$defs").path(name);
                    if (!property.getKey().equals("fast")
                            && !schema.has("description")
                            && !target.has("description")) {
                        bare.add(path + "/" + property.getKey());
                    }
                });
        node.properties().forEach(e -> undescribed(e.getValue(), path + "/" + e.getKey(), bare));
    }

    @Test
    void theFullDocumentIsValidByBoth() {
        assertEquals(List.of(), violations(Documents.tree(Documents.full())));
        assertEquals(List.of(), Documents.lines(ConfigReader.read(Documents.full())));
    }

    @Test
    void theFullDocumentIsFull() {
        var used = new TreeSet<String>();
        paths(Documents.tree(Documents.full()), "", used);
        var missing = new TreeSet<String>();
        for (Shape shape : Shape.values()) {
            for (String key : shape.keys()) {
                if (!used.contains(shape.pattern(key))) {
                    missing.add(shape.pattern(key));
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    private static void paths(JsonNode node, String path, Set<String> used) {
        used.add(path);
        if (node instanceof ArrayNode array) {
            String element = path.equals("models[].price") ? path : path + "[]";
            array.forEach(item -> paths(item, element, used));
        }
        node.properties().forEach(e -> paths(e.getValue(), step(path, e.getKey()), used));
    }

    private static final Pattern FREE =
            Pattern.compile(
                    "providers|aliases|callers|routing\\.classes|models\\[]\\.price\\.(service_tiers|places)");

    private static String step(String path, String key) {
        if (path.isEmpty()) {
            return key;
        }
        boolean free = FREE.matcher(path).matches();
        return free && !Shape.CLASSES.keys().contains(key) ? path + ".*" : named(path, key);
    }

    private static String named(String path, String key) {
        return path.replaceFirst(
                        "^routing\\.classes\\.(fast|balanced|frontier)$", "routing.classes.*")
                + "."
                + key;
    }

    @Test
    void aValueOfTheWrongTypeIsRefusedAtItsPlaceByReaderAndSchema() throws IOException {
        JsonNode full = Documents.tree(Documents.full());
        List<String> pointers = pointers(full, "");
        for (String pointer : pointers) {
            JsonNode changed = full.deepCopy();
            boolean flag = full.at(pointer).isBoolean();
            replace(changed, pointer, JSON.readTree(flag ? "17" : "true"));
            var result = ConfigReader.read(JSON.writeValueAsString(changed));
            String path = readerPath(pointer);
            assertTrue(
                    result.problems().stream().anyMatch(p -> p.path().startsWith(path)),
                    pointer + " → " + Documents.lines(result));
            assertFalse(violations(changed).isEmpty(), pointer);
        }
        assertTrue(pointers.size() > 150, "places tried: " + pointers.size());
    }

    @Test
    void aSlipInAKeyIsRefusedWithTheRightOne() throws IOException {
        JsonNode full = Documents.tree(Documents.full());
        int tried = 0;
        for (String pointer : pointers(full, "")) {
            String key = pointer.substring(pointer.lastIndexOf('/') + 1);
            String parent = pointer.substring(0, pointer.lastIndexOf('/'));
            boolean free =
                    FREE.matcher(
                                    readerPath(parent)
                                            .replaceAll("\\[\\d+]", "[]")
                                            .replace("price[]", "price"))
                            .matches();
            if (key.matches("\\d+") || (free && !parent.equals("/routing/classes"))) {
                continue;
            }
            JsonNode changed = full.deepCopy();
            ObjectNode object = (ObjectNode) changed.at(parent);
            object.set(key + "z", object.remove(key));
            var result = ConfigReader.read(JSON.writeValueAsString(changed));
            String wanted = readerPath(parent + "/" + key + "z") + ": unknown key, did you mean";
            assertTrue(
                    Documents.lines(result).stream().anyMatch(line -> line.startsWith(wanted)),
                    wanted + " → " + Documents.lines(result));
            assertFalse(violations(changed).isEmpty(), pointer);
            tried++;
        }
        assertTrue(tried > 100, "keys tried: " + tried);
    }

    private static List<String> pointers(JsonNode node, String at) {
        var all = new ArrayList<String>();
        if (!at.isEmpty()) {
            all.add(at);
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                all.addAll(pointers(array.get(i), at + "/" + i));
            }
        }
        node.properties()
                .forEach(e -> {
                    String key = e.getKey().replace("/", "~1");
                    all.addAll(pointers(e.getValue(), at + "/" + key));
                });
        return all;
    }

    private static void replace(JsonNode root, String pointer, JsonNode value) {
        String key = pointer.substring(pointer.lastIndexOf('/') + 1);
        JsonNode parent = root.at(pointer.substring(0, pointer.lastIndexOf('/')));
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), value);
        } else {
            ((ObjectNode) parent).set(key, value);
        }
    }

    private static String readerPath(String pointer) {
        if (pointer.isEmpty()) {
            return "";
        }
        return Stream.of(pointer.substring(1).split("/", -1))
                .map(step -> step.matches("\\d+") ? "[" + step + "]" : "." + step)
                .reduce("", String::concat)
                .replaceFirst("^\\.", "");
    }

    @Test
    void theExamplesOfTheReadmeAreValid() throws IOException {
        Path readme = Path.of("..", "README.md");
        if (!Files.exists(readme)) {
            return;
        }
        var block = Pattern.compile("(?s)```ya?ml\\n(.*?)```").matcher(Files.readString(readme));
        while (block.find()) {
            String text = block.group(1);
            if (Pattern.compile("(?m)^(providers|models|routing|aliases):").matcher(text).find()) {
                assertEquals(List.of(), violations(Documents.tree(text)), text);
                assertEquals(List.of(), Documents.lines(ConfigReader.read(text)), text);
            }
        }
    }
}

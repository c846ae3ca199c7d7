package dev.pillion.sidecar.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models that Pillion knows by itself, with their prices, and the order of the classes: what a
 * document's {@code models} change or add to. It is a document of the same form.
 */
final class Catalog {
    /** The first holds what is not of one vendor; the others hold one vendor's models each. */
    private static final List<String> RESOURCES =
            List.of(
                    "catalog.yaml",
                    "catalog-anthropic.yaml",
                    "catalog-openai.yaml",
                    "catalog-xai.yaml",
                    "catalog-gemini.yaml");

    /** The same as the build made it of those, quicker to read. */
    private static final String IMAGE = "catalog.bin";

    private final Map<String, ModelConfig> models;
    private final Map<ModelClass, List<String>> orders;
    private final LocalDate pricesAsOf;

    /**
     * A catalog.
     *
     * @param models by qualified id, in its order
     */
    Catalog(
            Map<String, ModelConfig> models,
            Map<ModelClass, List<String>> orders,
            LocalDate pricesAsOf) {
        this.models = Config.ordered(models);
        this.orders = Config.ordered(orders);
        this.pricesAsOf = pricesAsOf;
    }

    private static final class Holder {
        static final Catalog BUILT_IN = load();
    }

    /** What only an entry of a document needs that changes one of the catalog's. */
    private static final class Written {
        static final Map<String, Node.Entries> NODES =
                nodes(new Cursor("", document(), 1, new Problems()));
    }

    /** The catalog of this release; read once, when first asked for. */
    static Catalog builtIn() {
        return Holder.BUILT_IN;
    }

    static Catalog empty() {
        return new Catalog(Map.of(), Map.of(), LocalDate.EPOCH);
    }

    private static Catalog load() {
        byte[] image = image();
        if (image == null) {
            return ofSources(); // a build that ended before its image was made
        }
        try {
            return CatalogImage.read(image);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new IllegalStateException(
                    IMAGE + " is damaged (expected: as the build made it)", e);
        }
    }

    /** The image that this release has; null: none. */
    static byte @Nullable [] image() {
        try (InputStream in = Catalog.class.getResourceAsStream(IMAGE)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the YAML. */
    static Catalog ofSources() {
        var problems = new Problems();
        Config config = ConfigReader.read(new Cursor("", document(), 1, problems), empty());
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.found().getFirst().text("catalog"));
        }
        var orders = new EnumMap<ModelClass, List<String>>(ModelClass.class);
        config.routing().classes().forEach((each, route) -> orders.put(each, route.order()));
        return new Catalog(config.models(), orders, config.pricesAsOf());
    }

    /** All files as one document, in which the models of each follow one another. */
    private static Node document() {
        var rest = new ArrayList<Node.Entry>();
        var models = new ArrayList<Node>();
        for (String resource : RESOURCES) {
            for (Node.Entry entry : entries(resource)) {
                if (entry.value() instanceof Node.Items items) {
                    models.addAll(items.items());
                } else {
                    rest.add(entry);
                }
            }
        }
        rest.add(new Node.Entry("models", new Node.Items(models, 1), 1));
        return new Node.Entries(rest, 1);
    }

    private static List<Node.Entry> entries(String resource) {
        try {
            if (DocumentParser.parse(ConfigSchema.resource(resource))
                    instanceof Node.Entries entries) {
                return entries.entries();
            }
            throw new IllegalStateException(resource + " is no mapping");
        } catch (DocumentParser.Malformed e) {
            throw new IllegalStateException(resource + " at line " + e.line(), e);
        }
    }

    private static Map<String, Node.Entries> nodes(Cursor document) {
        var all = new LinkedHashMap<String, Node.Entries>();
        for (Cursor item : Fields.of(document, Shape.DOCUMENT).items("models")) {
            String id = Fields.of(item, Shape.MODEL).text("id");
            if (id != null && item.node() instanceof Node.Entries entries) {
                all.put(id, entries);
            }
        }
        return all;
    }

    /** The catalog alone as a configuration, in which no provider has a key. */
    Config config() {
        var nothing = new Cursor("", new Node.Entries(List.of(), 1), 1, new Problems());
        return ConfigReader.read(nothing, this);
    }

    Map<String, ModelConfig> models() {
        return models;
    }

    /** A model's entry as written, for a document's entry to be laid over. */
    Node.@Nullable Entries node(String id) {
        return models.containsKey(id) ? Written.NODES.get(id) : null;
    }

    List<String> order(ModelClass modelClass) {
        return orders.getOrDefault(modelClass, List.of());
    }

    LocalDate pricesAsOf() {
        return pricesAsOf;
    }
}

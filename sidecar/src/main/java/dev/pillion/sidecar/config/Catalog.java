package dev.pillion.sidecar.config;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private final Map<String, Node.Entries> nodes;
    private final @Nullable Config config;

    private Catalog(Map<String, Node.Entries> nodes, @Nullable Config config) {
        this.nodes = nodes;
        this.config = config;
    }

    private static final class Holder {
        static final Catalog BUILT_IN = load();
    }

    /** The catalog of this release; read once, when first asked for. */
    static Catalog builtIn() {
        return Holder.BUILT_IN;
    }

    static Catalog empty() {
        return new Catalog(Map.of(), null);
    }

    private static Catalog load() {
        var problems = new Problems();
        Cursor document = new Cursor("", document(), 1, problems);
        Config config = ConfigReader.read(document, empty());
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.found().getFirst().text("catalog"));
        }
        return new Catalog(nodes(document), config);
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
        return Objects.requireNonNull(config, "the empty catalog has none");
    }

    Map<String, ModelConfig> models() {
        return config == null ? Map.of() : config.models();
    }

    /** A model's entry as written, for a document's entry to be laid over. */
    Node.@Nullable Entries node(String id) {
        return nodes.get(id);
    }

    List<String> order(ModelClass modelClass) {
        RoutingConfig.ClassRoute route =
                config == null ? null : config.routing().classes().get(modelClass);
        return route == null ? List.of() : route.order();
    }

    LocalDate pricesAsOf() {
        return config == null ? LocalDate.EPOCH : config.pricesAsOf();
    }
}

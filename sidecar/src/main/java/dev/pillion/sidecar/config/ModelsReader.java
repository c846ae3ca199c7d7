package dev.pillion.sidecar.config;

import dev.pillion.adapters.ModelTraits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code models}. An entry with the id of a model of the catalog changes the keys it gives;
 * any other adds a model.
 */
final class ModelsReader {
    private final Map<String, ProviderConfig> providers;
    private final Catalog catalog;
    private final Map<String, ModelConfig> own = new LinkedHashMap<>();
    private final Map<String, Cursor> places = new LinkedHashMap<>();
    private final Map<String, List<Cursor>> fallbacks = new LinkedHashMap<>();
    private final Map<String, String> owners = new LinkedHashMap<>();

    ModelsReader(Map<String, ProviderConfig> providers, Catalog catalog) {
        this.providers = providers;
        this.catalog = catalog;
    }

    /** All models, the catalog's first, with every fallback resolved. */
    Map<String, ModelConfig> read(Fields document) {
        document.items("models").forEach(this::model);
        var all = new LinkedHashMap<>(catalog.models());
        all.putAll(own);
        all.values().forEach(this::claimIds);
        var index = new ModelIndex(all.values());
        fallbacks.forEach((id, items) ->
                all.computeIfPresent(id, (same, model) -> resolved(model, items, index)));
        return all;
    }

    /** The ids of the models that the document itself has, in its order. */
    List<String> ownIds() {
        return List.copyOf(own.keySet());
    }

    private ModelConfig resolved(ModelConfig model, List<Cursor> items, ModelIndex index) {
        List<String> ids = index.resolveAll(items);
        for (Cursor item : items) {
            ModelConfig same = index.find(item.node() instanceof Node.Scalar s ? s.text() : "");
            if (same != null && same.id().equals(model.id())) {
                item.wrong("another model than the one that it stands in for");
            }
        }
        return model.withFallbacks(ids);
    }

    private void claimIds(ModelConfig model) {
        Cursor at = places.get(model.id());
        var ids = new ArrayList<>(model.also());
        ids.addFirst(model.vendorId());
        for (String id : ids) {
            String owner = owners.putIfAbsent(model.provider() + "/" + id, model.id());
            if (owner != null && at != null) {
                at.problems().add(at, id, "an id that " + owner + " does not have already");
            }
        }
    }

    private void model(Cursor item) {
        String id = id(item);
        if (id == null) {
            Fields.of(item, Shape.MODEL);
            return;
        }
        Node.Entries base = catalog.node(id);
        Cursor at =
                base == null || !(item.node() instanceof Node.Entries changes)
                        ? item
                        : new Cursor(
                                item.path(), overlay(base, changes), item.line(), item.problems());
        Fields fields = Fields.of(at, Shape.MODEL);
        ModelConfig model = model(id, fields);
        places.put(id, item);
        fallbacks.put(id, fields.items("fallbacks"));
        if (own.put(id, model) != null) {
            item.problems().add(item, id, "each model once");
        }
    }

    private static Node.Entries overlay(Node.Entries base, Node.Entries changes) {
        var changed = new LinkedHashSet<String>();
        changes.entries().forEach(e -> changed.add(e.key()));
        var all = new ArrayList<Node.Entry>();
        base.entries().stream().filter(e -> !changed.contains(e.key())).forEach(all::add);
        all.addAll(changes.entries());
        return new Node.Entries(all, changes.line());
    }

    private @Nullable String id(Cursor item) {
        if (!(item.node() instanceof Node.Entries entries)) {
            return null;
        }
        for (Node.Entry entry : entries.entries()) {
            if (entry.key().equals("id")) {
                return checkedId(item.member(entry));
            }
        }
        item.problems().add(Problem.of(item.path() + ".id", "missing", "provider/id", item.line()));
        return null;
    }

    private @Nullable String checkedId(Cursor at) {
        String id = at.text();
        if (id == null) {
            return null;
        }
        if (!ModelIds.valid(id)) {
            at.wrong(ModelIds.EXPECTED);
            return null;
        }
        String provider = ModelIds.provider(id);
        if (!providers.containsKey(provider)) {
            at.wrong(
                    provider.isEmpty() ? "provider/id" : "provider/id with a known provider",
                    hint(id, provider));
            return null;
        }
        return id;
    }

    private @Nullable String hint(String id, String provider) {
        if (!provider.isEmpty()) {
            return Nearest.hint(provider, providers.keySet());
        }
        ModelConfig known = new ModelIndex(catalog.models().values()).find(id);
        return known == null ? null : "'" + known.id() + "'";
    }

    private ModelConfig model(String id, Fields fields) {
        ModelTraits traits = TraitsReader.read(ModelIds.vendorId(id), fields);
        ModelClass modelClass = fields.word("class", ModelClass.class);
        if (!traits.chats()) {
            nothingOfChat(fields);
        }
        Cursor price = fields.need("price", "a price, a list of dated prices, or free");
        Prices prices = price == null ? new Prices.Unknown() : PriceReader.read(price);
        List<String> also = also(fields);
        return new ModelConfig(
                id,
                ModelIds.provider(id),
                ModelIds.vendorId(id),
                also,
                modelClass,
                traits,
                prices,
                List.of());
    }

    private static void nothingOfChat(Fields fields) {
        Cursor modelClass = fields.get("class");
        if (modelClass != null) {
            modelClass.wrong("no class, since it makes embeddings and no answers");
        }
        Cursor fallbacks = fields.get("fallbacks");
        if (fallbacks != null) {
            fallbacks.wrong("none, since embeddings never change model");
        }
    }

    private static List<String> also(Fields fields) {
        var all = new ArrayList<String>();
        for (Cursor item : fields.items("also")) {
            String id = item.text();
            if (id != null && !ModelIds.valid(id)) {
                item.wrong(ModelIds.EXPECTED);
            } else if (id != null) {
                all.add(id);
            }
        }
        return all;
    }
}

package dev.pillion.sidecar.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a model by any of its ids: qualified, the vendor's own, and the further ones of either. */
final class ModelIndex {
    private final Map<String, ModelConfig> byAnyId = new LinkedHashMap<>();

    /** Where two providers have the same vendor id, the unqualified one means the first of them. */
    ModelIndex(Collection<ModelConfig> models) {
        for (ModelConfig model : models) {
            byAnyId.put(model.id(), model);
        }
        for (ModelConfig model : models) {
            for (String also : model.also()) {
                byAnyId.putIfAbsent(model.provider() + "/" + also, model.calledBy(also));
            }
        }
        for (ModelConfig model : models) {
            byAnyId.putIfAbsent(model.vendorId(), model);
            for (String also : model.also()) {
                byAnyId.putIfAbsent(also, model.calledBy(also));
            }
        }
    }

    /** The model of that id, with the id asked for as its vendor id. */
    @Nullable ModelConfig find(String id) {
        return byAnyId.get(id);
    }

    /** The ids nearest to one that is not known, qualified if that is. */
    List<String> nearest(String unknown, int count) {
        boolean qualified = unknown.indexOf('/') >= 0;
        return Nearest.among(
                unknown,
                byAnyId.keySet().stream()
                        .filter(id -> (id.indexOf('/') >= 0) == qualified)
                        .toList(),
                count);
    }

    /** Resolves a reference in a document to a qualified id; reports one that leads nowhere. */
    @Nullable String resolve(Cursor at) {
        String id = at.text();
        if (id == null) {
            return null;
        }
        ModelConfig model = find(id);
        if (model == null) {
            List<String> near = nearest(id, 3);
            at.wrong("a model's id", near.isEmpty() ? null : quoted(near));
            return null;
        }
        return model.id();
    }

    /** The same for a list of references, each model once. */
    List<String> resolveAll(List<Cursor> items) {
        var all = new LinkedHashSet<String>();
        for (Cursor item : items) {
            String id = resolve(item);
            if (id != null && !all.add(id)) {
                item.wrong("each model once");
            }
        }
        return List.copyOf(all);
    }

    private static String quoted(List<String> ids) {
        return Cursor.oneOf(ids.stream().map(id -> "'" + id + "'").toList());
    }
}

package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code routing}, whose class orders are by default the catalog's. */
final class RoutingReader {
    private final Map<String, ModelConfig> models;
    private final List<String> ownModels;
    private final ModelIndex index;
    private final Catalog catalog;

    /**
     * @param ownModels the ids of the models that the document itself has
     */
    RoutingReader(
            Map<String, ModelConfig> models,
            List<String> ownModels,
            ModelIndex index,
            Catalog catalog) {
        this.models = models;
        this.ownModels = ownModels;
        this.index = index;
        this.catalog = catalog;
    }

    RoutingConfig read(Fields document) {
        Fields fields = document.open("routing", Shape.ROUTING);
        return new RoutingConfig(
                classes(fields.open("classes", Shape.CLASSES)),
                failover(fields.open("failover", Shape.FAILOVER)),
                breaker(fields.open("breaker", Shape.BREAKER)),
                fields.word(
                        "unknown_models",
                        RoutingConfig.UnknownModels.class,
                        RoutingConfig.UnknownModels.REFUSE),
                fields.word(
                        "explicit_models",
                        RoutingConfig.ExplicitModels.class,
                        RoutingConfig.ExplicitModels.SAME));
    }

    private Map<ModelClass, RoutingConfig.ClassRoute> classes(Fields fields) {
        var all = new EnumMap<ModelClass, RoutingConfig.ClassRoute>(ModelClass.class);
        for (ModelClass modelClass : ModelClass.values()) {
            all.put(modelClass, route(modelClass, fields.open(modelClass.wire(), Shape.CLASS)));
        }
        return all;
    }

    private RoutingConfig.ClassRoute route(ModelClass modelClass, Fields fields) {
        Cursor order = fields.get("order");
        Cursor weights = fields.get("weights");
        if (order != null && weights != null) {
            weights.problems().add(weights, "order and weights", "one of the two");
        }
        List<String> ids = order == null ? usualOrder(modelClass) : order(order);
        RoutingConfig.Weights stated = weights(fields);
        boolean usual = order == null && stated == null;
        return new RoutingConfig.ClassRoute(
                ids, usual ? RoutingConfig.Weights.EVEN : stated, fields.flag("hedge", false));
    }

    private List<String> order(Cursor at) {
        List<Cursor> items = at.items();
        if (items.isEmpty()) {
            at.wrong("at least one model");
        }
        return index.resolveAll(items);
    }

    /** The catalog's order, then the document's own models that say they are of this class. */
    private List<String> usualOrder(ModelClass modelClass) {
        var ids = new LinkedHashSet<String>();
        for (String id : catalog.order(modelClass)) {
            if (is(modelClass, id)) {
                ids.add(id);
            }
        }
        ownModels.stream().filter(id -> is(modelClass, id)).forEach(ids::add);
        return List.copyOf(ids);
    }

    private boolean is(ModelClass modelClass, String id) {
        ModelConfig model = models.get(id);
        return model != null && model.modelClass() == modelClass;
    }

    private static RoutingConfig.@Nullable Weights weights(Fields fields) {
        Fields weights = fields.open("weights", Shape.WEIGHTS);
        return fields.get("weights") == null
                ? null
                : new RoutingConfig.Weights(
                        weights.amount("cost", BigDecimal.ONE),
                        weights.amount("latency", BigDecimal.ONE),
                        weights.amount("reliability", BigDecimal.ONE));
    }

    private static RoutingConfig.Failover failover(Fields fields) {
        var usual = RoutingConfig.Failover.DEFAULTS;
        Fields backoff = fields.open("backoff", Shape.BACKOFF);
        var read =
                new RoutingConfig.Backoff(
                        backoff.duration("first", usual.backoff().first()),
                        backoff.duration("max", usual.backoff().max()));
        Cursor maxAt = backoff.get("max");
        if (maxAt == null) {
            maxAt = backoff.get("first");
        }
        if (maxAt != null && read.max().compareTo(read.first()) < 0) {
            maxAt.wrong("max not below first");
        }
        return new RoutingConfig.Failover(
                fields.integer("max_attempts", usual.maxAttempts(), 1, 20),
                fields.integer("retries_per_provider", usual.retriesPerProvider(), 0, 10),
                read,
                fields.word(
                        "content_blocked",
                        RoutingConfig.ContentBlocked.class,
                        usual.contentBlocked()));
    }

    private static RoutingConfig.Breaker breaker(Fields fields) {
        var usual = RoutingConfig.Breaker.DEFAULTS;
        return new RoutingConfig.Breaker(
                fields.integer("failures", usual.failures(), 1, 1000),
                number(fields, "error_rate", usual.errorRate(), 0, 1),
                fields.duration("window", usual.window()),
                number(fields, "slow", usual.slow(), 1.5, 1000),
                fields.duration("open", usual.open()),
                fields.duration("open_max", usual.openMax()),
                fields.integer("probes", usual.probes(), 1, 100));
    }

    private static double number(
            Fields fields, String key, double usual, double least, double most) {
        BigDecimal read = fields.amount(key);
        if (read == null) {
            return usual;
        }
        double value = read.doubleValue();
        if (value < least || value > most) {
            Cursor at = fields.get(key);
            if (at != null) {
                at.wrong("a number from " + least + " to " + most);
            }
        }
        return value;
    }
}

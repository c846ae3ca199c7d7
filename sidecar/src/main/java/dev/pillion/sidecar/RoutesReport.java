package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.account.PriceBook;
import dev.pillion.sidecar.config.AliasConfig;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.ModelIds;
import dev.pillion.sidecar.config.Price;
import dev.pillion.sidecar.config.Prices;
import dev.pillion.sidecar.config.Resolved;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.plan.Ask;
import dev.pillion.sidecar.plan.Load;
import dev.pillion.sidecar.plan.Opening;
import dev.pillion.sidecar.plan.Planner;
import dev.pillion.sidecar.plan.Task;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every class and alias with its candidates in the order in which a plain request would ask them
 * now, and who of its list can't be asked.
 */
final class RoutesReport {
    /** The prompt of the request that stands for all. */
    private static final long INPUT_TOKENS = 1_000;

    private final Planner planner;
    private final Snapshot snapshot;
    private final Instant now;

    RoutesReport(Planner planner, Snapshot snapshot, InstantSource clock) {
        this.planner = planner;
        this.snapshot = snapshot;
        this.now = clock.instant();
    }

    ObjectNode json() {
        ObjectNode report = Json.object();
        ArrayNode routes = report.putArray("routes");
        for (ModelClass each : ModelClass.values()) {
            routes.add(route("class:" + each.wire()));
        }
        snapshot.config().aliases().keySet().forEach(alias -> routes.add(route(alias)));
        return report;
    }

    private ObjectNode route(String name) {
        ObjectNode told;
        try {
            told = planner.explain(snapshot, ask(name)).json();
        } catch (FaultException e) {
            told = Json.object();
            told.putObject("error").put("message", e.fault().message());
        }
        ObjectNode route = Json.object().put("name", name);
        route.setAll(told);
        route.remove("why");
        route.withArray("candidates").forEach(this::price);
        ArrayNode removed = route.withArray("removed");
        for (String id : listed(name)) {
            if (!snapshot.upstreams().containsKey(ModelIds.provider(id))) {
                removed.addObject().put("model", id).put("why", "its provider has no key");
            }
        }
        return route;
    }

    /** All that the configuration lists under the name, able or not. */
    private List<String> listed(String name) {
        if (name.startsWith("class:")) {
            return ofClass(ModelClass.of(name.substring("class:".length())));
        }
        AliasConfig alias = snapshot.config().aliases().get(name);
        return switch (alias) {
            case null -> List.of();
            case AliasConfig.Models(List<String> ids) -> ids;
            case AliasConfig.OfClass(ModelClass named, _) -> ofClass(named);
        };
    }

    private List<String> ofClass(@Nullable ModelClass modelClass) {
        var route =
                modelClass == null ? null : snapshot.config().routing().classes().get(modelClass);
        return route == null ? List.of() : route.order();
    }

    private Ask ask(String name) {
        return new Ask(
                embeds(name) ? Task.EMBED : Task.ANSWER,
                name,
                null,
                null,
                Set.of(),
                Set.of(),
                Set.of(),
                List::of,
                List.of(),
                List.of(),
                true,
                null,
                null,
                null,
                false,
                RouteWish.Prefer.BALANCED,
                new Load(true, INPUT_TOKENS, Long.MAX_VALUE, 0, "", Opening.NONE));
    }

    private boolean embeds(String name) {
        List<ModelConfig> models =
                snapshot.resolve(name) instanceof Resolved.Alias alias ? alias.models() : List.of();
        return !models.isEmpty() && !models.getFirst().traits().chats();
    }

    private void price(JsonNode candidate) {
        ModelConfig model = snapshot.config().models().get(candidate.path("model").asText());
        if (model != null && candidate instanceof ObjectNode told) {
            Price.Rates rates = rates(model);
            boolean free = model.prices() instanceof Prices.Free;
            String known = free ? "0" : null;
            told.put(
                    "input_usd_per_million", rates == null ? known : rates.input().toPlainString());
            told.put(
                    "output_usd_per_million",
                    rates == null ? known : rates.output().toPlainString());
        }
    }

    private Price.@Nullable Rates rates(ModelConfig model) {
        if (!(model.prices() instanceof Prices.Dated(List<Price> dated))) {
            return null;
        }
        Price price = PriceBook.inForce(dated, now);
        return price == null ? null : price.standard().rates();
    }
}

package dev.pillion.sidecar.plan;

import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.upstream.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The runners of the configuration in force: made when they are first asked for, and anew with
 * another configuration, on another day (prices change by days) and when all health is forgotten.
 */
final class Runners {
    /** Names that nobody knows may be many. */
    private static final int MAX_RUNNERS = 10_000;

    private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();

    private final Health health;
    private volatile @Nullable Table table;

    Runners(Health health) {
        this.health = health;
    }

    /** All runners of one configuration on one day. */
    final class Table {
        private final Snapshot snapshot;
        private final long epochDay;
        private final long healthGeneration;
        private final ConcurrentHashMap<String, Runner> byModel = new ConcurrentHashMap<>();

        private Table(Snapshot snapshot, long epochDay, long healthGeneration) {
            this.snapshot = snapshot;
            this.epochDay = epochDay;
            this.healthGeneration = healthGeneration;
        }

        /** The model's runner; null: its provider can't be called. */
        @Nullable Runner of(ModelConfig model) {
            Runner found = byModel.get(model.id());
            if (found != null && !found.model().vendorId().equals(model.vendorId())) {
                found = byModel.get(otherName(model));
            }
            if (found == null) {
                found = make(snapshot, model, LocalDate.ofEpochDay(epochDay));
                if (found != null && byModel.putIfAbsent(model.id(), found) != null) {
                    byModel.put(otherName(model), found);
                }
            }
            return found;
        }
    }

    /** The runners for a plan made now. */
    Table at(Snapshot snapshot, Instant now) {
        long day = Math.floorDiv(now.getEpochSecond(), DAY_SECONDS);
        Table current = table;
        if (current == null
                || current.snapshot != snapshot
                || current.epochDay != day
                || current.healthGeneration != health.generation()
                || current.byModel.size() > MAX_RUNNERS) {
            current = new Table(snapshot, day, health.generation());
            table = current;
        }
        return current;
    }

    /** A model may be asked for by several of its vendor's names, and goes out by the one named. */
    private static String otherName(ModelConfig model) {
        return model.provider() + " " + model.vendorId();
    }

    private @Nullable Runner make(Snapshot snapshot, ModelConfig model, LocalDate day) {
        Snapshot.Upstream upstream = snapshot.upstreamOf(model);
        Provider format =
                upstream == null ? null : Providers.speaking(upstream.provider().speaks().wire());
        if (upstream == null || format == null) {
            return null;
        }
        var endpoint =
                new Endpoint(
                        upstream.provider().name(),
                        upstream.provider().apiBase(),
                        upstream.provider().timeouts().connect());
        return new Runner(
                model,
                upstream,
                format,
                endpoint,
                Tariff.of(model, day),
                health.of(model.provider(), model.id()));
    }
}

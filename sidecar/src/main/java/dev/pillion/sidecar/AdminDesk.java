package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.account.GroupBy;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.account.Period;
import dev.pillion.sidecar.account.Unpriced;
import dev.pillion.sidecar.account.UsageReport;
import dev.pillion.sidecar.admin.Desk;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.upstream.OriginCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers the admin socket's questions from the parts of the daemon. */
final class AdminDesk implements Desk {
    private final Sidecar sidecar;

    AdminDesk(Sidecar sidecar) {
        this.sidecar = sidecar;
    }

    @Override
    public ObjectNode status() {
        Settings.State state = sidecar.settings().state();
        ObjectNode status = Json.object();
        status.put("version", sidecar.options().version());
        status.put("state", sidecar.draining() ? "draining" : "serving");
        status.put("inflight", sidecar.listeners().inflight());
        status.put("client_connections", sidecar.listeners().connections());
        status.put("state_directory", sidecar.options().stateDirectory().toString());
        ObjectNode config = status.putObject("config");
        config.put("origin", sidecar.settings().origin());
        config.put("version", state.snapshot().config().version());
        config.put("since", state.since().toString());
        config.put("prices_as_of", state.snapshot().config().pricesAsOf().toString());
        ArrayNode warnings = config.putArray("warnings");
        state.warnings().forEach(warnings::add);
        providers(status, state.snapshot());
        classes(status, state.snapshot());
        sidecar.healthReport().ejected(status.putArray("ejected"));
        ArrayNode origins = status.putArray("vendor_connections");
        for (OriginCounts counts : sidecar.vendors().counts()) {
            origins.add(counts.toString());
        }
        status.put("body_bytes", sidecar.bodies().heldBytes());
        status.put("log_dropped_lines", sidecar.log().droppedLines());
        ledger(status.putObject("ledger"));
        unpriced(status.putObject("unpriced"));
        return status;
    }

    private void unpriced(ObjectNode told) {
        Unpriced unpriced = sidecar.ledger().unpriced();
        told.put("attempts", unpriced.attempts());
        ArrayNode models = told.putArray("models");
        unpriced.models().forEach(models::add);
    }

    private void ledger(ObjectNode account) {
        try {
            Ledger.State ledger = sidecar.ledger().state();
            account.put("directory", ledger.directory().toString());
            account.put("bytes", ledger.bytes());
            account.put("on", !sidecar.options().ledger().equals(Ledger.Retention.NOTHING));
            account.put("max_bytes", sidecar.options().ledger().totalBytes());
            account.put("days", sidecar.options().ledger().age().toDays());
            account.put("segments", ledger.segments());
            account.put("since", ledger.since() == null ? null : ledger.since().toString());
        } catch (IOException e) {
            account.put("unlisted", String.valueOf(e));
        }
        account.put("trouble", sidecar.ledger().trouble());
        account.put("dropped_attempts", sidecar.ledger().dropped());
        account.put("unreadable_records", sidecar.ledger().unreadable());
    }

    private static void providers(ObjectNode status, Snapshot snapshot) {
        ObjectNode providers = status.putObject("providers");
        for (Snapshot.Upstream upstream : snapshot.upstreams().values()) {
            ArrayNode keys = providers.putObject(upstream.provider().name()).putArray("keys");
            upstream.keys().forEach(key -> keys.add(key.id()));
        }
    }

    private static void classes(ObjectNode status, Snapshot snapshot) {
        ObjectNode classes = status.putObject("classes");
        for (ModelClass each : ModelClass.values()) {
            ArrayNode models = classes.putArray(each.wire());
            for (ModelConfig model : snapshot.models(each)) {
                models.add(model.id());
            }
        }
    }

    @Override
    public ObjectNode usage(@Nullable String by, @Nullable String since, @Nullable String until) {
        var report = new UsageReport(GroupBy.parse(by == null ? "caller" : by));
        Period period = Period.parse(since, until, sidecar.clock().instant());
        List<String> missing;
        try {
            missing = sidecar.ledger().read(period, report::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while reading the ledger", e);
        }
        return report.json(missing);
    }

    @Override
    public ObjectNode limits() {
        return sidecar.spending().json(sidecar.callers());
    }

    @Override
    public ObjectNode explain(String path, Headers headers, byte[] request) {
        return sidecar.dryRun().explain(path, headers, request).json();
    }

    @Override
    public ObjectNode routes() {
        return sidecar.routes().json();
    }

    @Override
    public ObjectNode health() {
        return sidecar.healthReport().json();
    }

    @Override
    public Reloaded reload() {
        Settings.Result result = sidecar.reload();
        return new Reloaded(result.problems(), result.warnings());
    }

    @Override
    public ObjectNode version() {
        return Json.object().put("version", sidecar.options().version());
    }
}

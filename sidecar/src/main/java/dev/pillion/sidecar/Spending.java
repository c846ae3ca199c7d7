package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.admit.Budgets;
import dev.pillion.sidecar.admit.Recall;
import dev.pillion.sidecar.config.CallerConfig;
import dev.pillion.sidecar.telemetry.Diagnostics;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The callers' budgets over the life of a daemon: restored, kept over reloads, and shown. */
final class Spending {
    /** How long a start waits for today's spending. */
    private static final Duration RECALL = Duration.ofMillis(500);

    private final Budgets budgets;
    private final Recall recall;
    private final Diagnostics diagnostics;
    private final InstantSource clock;

    Spending(Ledger ledger, InstantSource clock, Diagnostics diagnostics) {
        this.budgets = new Budgets(clock);
        this.recall = new Recall(ledger, budgets);
        this.clock = clock;
        this.diagnostics = diagnostics;
    }

    Budgets budgets() {
        return budgets;
    }

    /**
     * Counts what was spent today before the start. With budgets it waits for that a while; of a
     * day with very many attempts the rest is read beside the first requests.
     */
    void begin(Map<String, CallerConfig> callers, Executor offLoop) {
        Instant started = clock.instant();
        var read = new CountDownLatch(1);
        offLoop.execute(() -> {
            guarded(
                    "not all of today's spending is counted",
                    () -> recall.restore(callers, started));
            read.countDown();
        });
        boolean budgeted = callers.values().stream().anyMatch(c -> c.budgetUsdPerDay() != null);
        try {
            if (budgeted && !read.await(RECALL.toMillis(), TimeUnit.MILLISECONDS)) {
                diagnostics.warn("budgets: today's spending is still being read from the ledger");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Another configuration is in force, since then: what was spent stays spent. Blocks. */
    void regroup(Map<String, CallerConfig> before, Map<String, CallerConfig> after, Instant since) {
        guarded(
                "callers with a new entry begin at 0",
                () -> recall.regroup(before.keySet(), after.keySet(), since));
    }

    private interface Reading {
        List<String> read() throws IOException, InterruptedException;
    }

    private void guarded(String otherwise, Reading reading) {
        try {
            for (String missing : reading.read()) {
                diagnostics.warn("budgets: " + otherwise + ": " + missing);
            }
        } catch (IOException e) {
            diagnostics.warn("budgets: " + otherwise + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            diagnostics.defect("the budgets", e);
        }
    }

    void stop() {
        recall.stop();
    }

    /** For {@code pillion admin limits}. */
    ObjectNode json(Map<String, CallerConfig> callers) {
        ObjectNode limits = Json.object();
        ArrayNode rows = limits.putArray("callers");
        String resetsAt = budgets.resetsAt().toString();
        for (Budgets.Account account : budgets.accounts(callers)) {
            BigDecimal budget = account.budgetUsd();
            rows.addObject()
                    .put("caller", account.caller())
                    .put("budget_usd", budget == null ? null : Budgets.text(budget))
                    .put("spent_usd", Budgets.text(account.spentUsd()))
                    .put("reserved_usd", Budgets.text(account.reservedUsd()))
                    .put("refused", account.refused())
                    .put("resets_at", resetsAt);
        }
        limits.put("restored", recall.complete());
        return limits;
    }
}

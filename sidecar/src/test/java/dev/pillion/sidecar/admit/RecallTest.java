package dev.pillion.sidecar.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.account.Entry;
import dev.pillion.sidecar.account.LedgerBed;
import dev.pillion.sidecar.config.CallerConfig;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the ledger tells the budgets. */
class RecallTest {
    private final Instant started = Instant.now();
    private final Instant today = Budgets.beginOfDay(started);

    private final LedgerBed bed = new LedgerBed();
    private final Budgets budgets = new Budgets(() -> started);
    private final Recall recall = new Recall(bed.ledger(), budgets);

    @AfterEach
    void close() {
        bed.close();
    }

    private void booked(Instant ts, String caller, @Nullable String usd) {
        var cost = new Cost(usd == null ? null : new BigDecimal(usd), false, null);
        bed.ledger()
                .book(
                        List.of(
                                new Entry(
                                        ts,
                                        "r",
                                        1,
                                        caller,
                                        null,
                                        Map.of(),
                                        "generate",
                                        null,
                                        "p",
                                        "m",
                                        null,
                                        false,
                                        "ok",
                                        1,
                                        Usage.NONE,
                                        cost)));
    }

    private static Map<String, CallerConfig> callers(String... names) {
        Map<String, CallerConfig> all = new LinkedHashMap<>();
        for (String name : names) {
            all.put(name, BudgetsTest.config(name, "1"));
        }
        return all;
    }

    private Map<String, String> spent(String... names) {
        return budgets.accounts(callers(names)).stream()
                .collect(
                        Collectors.toMap(Budgets.Account::caller, a -> Budgets.text(a.spentUsd())));
    }

    private void someDay() {
        booked(today.minusMillis(1), "billing", "100");
        booked(today, "billing", "0.1");
        booked(today, "billing", "0.02");
        booked(today, "unheard", "0.003");
        booked(today, "unheard-2", null);
        booked(started, "billing", "100");
    }

    @Test
    void todayUntilTheStartIsCountedOnWhoeverSpentIt() throws Exception {
        someDay();
        assertFalse(recall.complete());
        recall.restore(callers("default", "billing"), started);
        assertEquals(Map.of("default", "0.003", "billing", "0.12"), spent("default", "billing"));
        assertTrue(recall.complete());
    }

    @Test
    void whoGetsAnEntryTakesAlongWhatItSpent() throws Exception {
        someDay();
        recall.restore(callers("default"), started);
        assertEquals(Map.of("default", "0.123"), spent("default"));
        recall.regroup(Set.of("default"), Set.of("default", "billing"), started);
        assertEquals(Map.of("default", "0.003", "billing", "0.12"), spent("default", "billing"));
        recall.regroup(Set.of("default", "billing"), Set.of("default"), started);
        assertEquals(Map.of("default", "0.123", "billing", "0"), spent("default", "billing"));
    }

    @Test
    void aDaemonThatEndsDoesNotReadOn() throws Exception {
        someDay();
        recall.stop();
        recall.restore(callers("billing"), started);
        assertFalse(recall.complete());
    }
}

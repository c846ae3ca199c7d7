package dev.pillion.sidecar.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.sidecar.config.CallerConfig;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a day's budget lets in, with a clock that is turned by hand. */
class BudgetsTest {
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
    private final Budgets budgets = new Budgets(now::get);

    static Admitted caller(String name, String account, @Nullable String budget) {
        BigDecimal usd = budget == null ? null : new BigDecimal(budget);
        return new Admitted(name, account, null, Map.of(), usd, null);
    }

    static CallerConfig config(String name, @Nullable String budget) {
        BigDecimal usd = budget == null ? null : new BigDecimal(budget);
        return new CallerConfig(name, Set.of(), CallerConfig.Limits.NONE, usd, null);
    }

    private Permit take(String usd, String budget) {
        return budgets.take(caller("a", "a", budget), Reserve.of(new BigDecimal(usd)));
    }

    private FaultException refused(String usd, String budget) {
        return assertThrows(FaultException.class, () -> take(usd, budget));
    }

    private Budgets.Account account(String budget) {
        return budgets.accounts(Map.of("a", config("a", budget))).getLast();
    }

    private void has(String spent, String reserved) {
        Budgets.Account account = account("1");
        assertEquals(spent, Budgets.text(account.spentUsd()));
        assertEquals(reserved, Budgets.text(account.reservedUsd()));
    }

    @Test
    void whatIsHeldBackCountsUntilItIsSettledAndThenWhatItCost() {
        Permit first = take("0.6", "1");
        has("0", "0.6");
        refused("0.5", "1");
        first.settle(new BigDecimal("0.1"));
        has("0.1", "0");
        take("0.5", "1").settle(BigDecimal.ZERO);
        has("0.1", "0");
        take("0.9", "1");
        has("0.1", "0.9");
    }

    @Test
    void aPermitIsSettledOnce() {
        Permit permit = take("0.6", "1");
        permit.settle(new BigDecimal("0.2"));
        permit.settle(new BigDecimal("0.3"));
        has("0.2", "0");
    }

    @Test
    void aRefusalSaysWhatIsSpentAndReservedAndWhenItEnds() {
        take("0.25", "1").settle(new BigDecimal("0.25"));
        take("0.70", "1");
        FaultException e = refused("0.06", "1");
        assertEquals(FaultKind.BUDGET_EXCEEDED, e.fault().kind());
        assertEquals(
                "caller 'a' has a budget of 1 USD a day: 0.25 USD are spent, 0.7 USD are reserved"
                        + " for requests under way, and this one is expected to cost 0.06 USD; the"
                        + " budget resets at 2026-11-24T00:00:00Z",
                e.fault().message());
        assertEquals(1, account("1").refused());
    }

    @Test
    void whatHasNoKnownCostIsLetInWhileAnythingIsLeft() {
        Admitted a = caller("a", "a", "1");
        budgets.take(a, Reserve.UNKNOWN).settle(BigDecimal.ZERO);
        Permit last = take("1", "1");
        assertThrows(FaultException.class, () -> budgets.take(a, Reserve.UNKNOWN));
        budgets.take(a, Reserve.FREE).settle(BigDecimal.ZERO);
        last.settle(BigDecimal.ZERO);
        budgets.take(a, Reserve.UNKNOWN).settle(BigDecimal.ZERO);
    }

    @Test
    @DisplayName("F40: names without an entry share one budget, so a new name is no new budget")
    void inventedNamesShareOneBudget() {
        for (int i = 0; i < 4; i++) {
            budgets.take(caller("n" + i, "default", "1"), Reserve.of(new BigDecimal("0.25")));
        }
        FaultException e =
                assertThrows(
                        FaultException.class,
                        () ->
                                budgets.take(
                                        caller("fresh", "default", "1"),
                                        Reserve.of(new BigDecimal("0.25"))));
        assertTrue(e.fault().message().startsWith("caller 'fresh', who shares 'default', has"));
    }

    @Test
    void aChangedBudgetKeepsWhatWasSpent() {
        take("0.5", "1").settle(new BigDecimal("0.5"));
        refused("0.1", "0.55");
        take("0.6", "1.1").settle(BigDecimal.ZERO);
        budgets.take(caller("a", "a", null), Reserve.FREE).settle(new BigDecimal("7"));
        refused("0.1", "7.5");
    }

    @Test
    void aRequestCountsOnTheDayOnWhichItEnds() {
        now.set(Instant.parse("2026-11-23T23:59:59.999Z"));
        take("0.3", "1").settle(new BigDecimal("0.3"));
        Permit late = take("0.7", "1");
        assertEquals("2026-11-24T00:00:00Z", budgets.resetsAt().toString());
        now.set(Instant.parse("2026-11-24T00:00:00Z"));
        has("0", "0.7");
        assertEquals("2026-11-25T00:00:00Z", budgets.resetsAt().toString());
        refused("0.4", "1");
        late.settle(new BigDecimal("0.8"));
        has("0.8", "0");
        assertEquals(1, account("1").refused());
        now.set(Instant.parse("2026-11-25T00:00:00Z"));
        has("0", "0");
        assertEquals(0, account("1").refused());
    }

    @Test
    void aClockThatIsSetBackGivesNoNewBudget() {
        take("0.9", "1").settle(new BigDecimal("0.9"));
        now.set(Instant.parse("2026-11-22T12:00:00Z"));
        refused("0.2", "1");
    }

    /** One request: held back, then settled at another price. */
    private record Ended(BigDecimal reserved, BigDecimal cost) {}

    @ParameterizedTest
    @DisplayName("F40: overshoot is what requests under way cost beyond what was held back")
    @ValueSource(longs = {1, 2, 3})
    void overshootIsBounded(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        List<Callable<@Nullable Ended>> requests = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            BigDecimal reserve = BigDecimal.valueOf(random.nextLong(1, 1_000), 5);
            BigDecimal cost = BigDecimal.valueOf(random.nextLong(0, 1_500), 5);
            requests.add(() -> {
                Permit permit;
                try {
                    permit = budgets.take(caller("a", "a", "1"), Reserve.of(reserve));
                } catch (FaultException e) {
                    return null;
                }
                Thread.onSpinWait();
                permit.settle(cost);
                return new Ended(reserve, cost);
            });
        }
        BigDecimal sum = BigDecimal.ZERO;
        int most = 8;
        try (var pool = Executors.newFixedThreadPool(most)) {
            for (var done : pool.invokeAll(requests)) {
                Ended ended = done.get();
                sum = ended == null ? sum : sum.add(ended.cost());
            }
        }
        has(Budgets.text(sum), "0");
        BigDecimal beyond = new BigDecimal("0.015").multiply(BigDecimal.valueOf(most));
        assertTrue(sum.compareTo(BigDecimal.ONE.add(beyond)) <= 0, () -> "spent " + account("1"));
        assertTrue(sum.compareTo(new BigDecimal("0.9")) > 0, () -> "spent " + account("1"));
        assertTrue(account("1").refused() > 0);
    }
}

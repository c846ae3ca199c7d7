package dev.pillion.sidecar.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is learned of waits, and of outcomes. */
class WaitsTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

    @Test
    void quantilesAreRightToAFifthFromAMillisecondToAQuarterOfAnHour() {
        for (long millis = 1; millis < 10_000; millis = 3 * millis + 1) {
            var quantiles = new Quantiles();
            for (int i = 1; i <= 100; i++) {
                quantiles.add(millis * MILLI * i);
            }
            assertEquals(50.0 * millis, quantiles.nanosOf(0.5) / 1e6, 10.0 * millis + 1);
            assertEquals(95.0 * millis, quantiles.nanosOf(0.95) / 1e6, 19.0 * millis + 1);
        }
    }

    @Test
    void ofNothingSeenNoQuantileIsKnown() {
        assertEquals(0, new Quantiles().nanosOf(0.99));
        assertEquals(0, new Waits().p95Nanos());
    }

    @Test
    void whatIsBeyondTheScaleIsItsEnd() {
        var quantiles = new Quantiles();
        quantiles.add(0);
        quantiles.add(Long.MAX_VALUE);
        assertTrue(quantiles.nanosOf(0.1) <= 2 * MILLI);
        assertTrue(quantiles.nanosOf(1) >= TimeUnit.MINUTES.toNanos(10));
    }

    @Test
    void aMillionWaitsAreHeldAsHundredsAndTheLatestCount() {
        var quantiles = new Quantiles();
        for (int i = 0; i < 1_000_000; i++) {
            quantiles.add(100 * MILLI);
        }
        assertTrue(quantiles.total() <= 400);
        for (int i = 0; i < 1_000; i++) {
            quantiles.add(1_000 * MILLI);
        }
        assertEquals(1_000, quantiles.nanosOf(0.5) / 1e6, 200);
    }

    @Test
    void aCallHangsAfterTwoSecondsOrThreeTimesTheP99() {
        var quick = new Waits();
        var slow = new Waits();
        assertEquals(TimeUnit.SECONDS.toNanos(15), quick.hangsNanos(), "habits nobody knows");
        for (int i = 0; i < 100; i++) {
            quick.add(100 * MILLI, 500, i * MILLI);
            slow.add(2_000 * MILLI, 500, i * MILLI);
        }
        assertEquals(TimeUnit.SECONDS.toNanos(2), quick.hangsNanos());
        assertEquals(6_000, slow.hangsNanos() / 1e6, 1_200);
    }

    @Test
    void outcomesAreCountedInTheWindowAndTheLatestTwenty() {
        var outcomes = new Outcomes();
        for (int i = 0; i < 1_000; i++) {
            outcomes.add(i % 2 == 0, i);
        }
        assertEquals(Outcomes.SIZE, outcomes.ended(WINDOW, 1_000));
        assertEquals(Outcomes.SIZE / 2, outcomes.failures(WINDOW, 1_000));
        assertEquals(0, outcomes.inARow());
        assertEquals(2, outcomes.latest(4));
        assertEquals(0, outcomes.failures(WINDOW, WINDOW + 1_000));
        assertEquals(0, outcomes.ended(WINDOW, WINDOW + 1_000));
    }

    @Test
    void failuresInARowCountHoweverFarApartTheyAre() {
        var outcomes = new Outcomes();
        for (int i = 0; i < 3; i++) {
            outcomes.add(true, i * 2L * WINDOW);
            assertEquals(1, outcomes.failures(WINDOW, i * 2L * WINDOW));
        }
        assertEquals(3, outcomes.inARow());
    }

    @Test
    void aRetryBudgetNeverHoldsMoreThanAFewRetries() {
        var budget = new RetryBudget();
        for (int i = 0; i < 100_000; i++) {
            budget.earn();
        }
        int taken = 0;
        while (budget.take()) {
            taken++;
        }
        assertEquals(20, taken);
        assertFalse(budget.take());
    }
}

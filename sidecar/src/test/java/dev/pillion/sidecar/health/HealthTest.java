package dev.pillion.sidecar.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a target that fails, and how it comes back. */
class HealthTest extends HealthBed {
    @Test
    void aTargetThatNobodyKnowsTakesItsShare() {
        assertEquals(1, standing().share());
        assertFalse(standing().known());
    }

    @Test
    void failuresOneAfterTheOtherLeaveItOut() {
        live(50, 10);
        fails();
        fails();
        assertEquals(1, standing().share());
        fails();
        assertEquals(0, standing().share());
        assertFalse(standing().probeDue(), "only after a while");
    }

    @Test
    void aShareOfFailuresLeavesItOutThoughNoneFollowAnother() {
        live(50, 10);
        int failed = 0;
        for (int i = 0; i < 12 && standing().share() > 0; i++) {
            fails();
            failed++;
            if (standing().share() > 0) {
                live(3, 10);
            }
        }
        assertEquals(0, standing().share());
        assertTrue(failed <= 4, () -> "it took a while");
    }

    @Test
    void oneFailureInFiftyIsBorne() {
        for (int i = 0; i < 40; i++) {
            live(49, 10);
            fails();
            assertEquals(1, standing().share(), "round " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 1_000, 5_000})
    void whereRequestsAreFewTwoFailuresOfTenAreEnough(long apartMillis) {
        live(20, apartMillis);
        fails();
        pass(apartMillis);
        answers(50);
        fails();
        assertEquals(0, standing().share());
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        live(20, 10);
        fails();
        fails();
        pass(BOUNDS.window().toMillis() + 1);
        live(1, 10);
        fails();
        assertEquals(1, standing().share());
        assertTrue(standing().failureShare() < 0.5);
    }

    @Test
    void itIsTriedByOneRequestAndComesBackByDegrees() {
        live(100, 10);
        eject();
        pass(BOUNDS.open().toMillis() + 1_000);
        assertTrue(standing().probeDue());
        assertTrue(target.claimProbe());
        assertFalse(target.claimProbe(), "one is enough");
        Trial probe = target.begin(true, TOKENS);
        assertFalse(standing().probeDue());
        pass(100);
        probe.content();
        double first = standing().share();
        assertTrue(first < 0.1, () -> "a herd: " + first);
        pass(1_500);
        assertEquals(0.5, standing().share(), 0.05);
        probe.succeeded(100);
        pass(1_500);
        assertEquals(1, standing().share());
    }

    @Test
    void whereRequestsAreFarApartItComesBackAtOnce() {
        live(10, 1_000);
        eject();
        pass(10_000);
        assertTrue(target.claimProbe());
        answers(100);
        assertEquals(1, standing().share());
    }

    @Test
    void aClaimThatNobodyUsesIsAnothersAfterAWhile() {
        live(100, 10);
        eject();
        pass(6_000);
        assertTrue(target.claimProbe());
        pass(1_000);
        assertFalse(target.claimProbe());
        pass(1_001);
        assertTrue(target.claimProbe());
    }

    @Test
    void eachFailedProbeLeavesItOutForLongerUpToABound() {
        live(100, 10);
        eject();
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            long millis = 0;
            while (!standing().probeDue()) {
                pass(100);
                millis += 100;
            }
            pauses.add(millis);
            fails();
        }
        for (int i = 1; i < pauses.size(); i++) {
            assertTrue(pauses.get(i) >= pauses.get(i - 1), pauses::toString);
        }
        assertEquals((double) BOUNDS.open().toMillis(), pauses.getFirst(), 200);
        assertTrue(pauses.get(4) > 1.9 * pauses.getFirst(), pauses::toString);
        assertEquals((double) BOUNDS.openMax().toMillis(), pauses.getLast(), 200);
    }

    @Test
    void thePauseHealsWithTime() {
        live(100, 10);
        eject();
        for (int i = 0; i < 4; i++) {
            pass(BOUNDS.openMax().toMillis() * 2);
            fails();
        }
        pass(BOUNDS.openMax().toMillis() * 2);
        answers(50);
        for (int i = 0; i < 300; i++) {
            pass(90);
            answers(10);
        }
        eject();
        pass(BOUNDS.open().toMillis() * 8 / 5 + 1);
        assertTrue(standing().probeDue(), "as at the first time");
    }

    @Test
    void daemonsDoNotComeBackTogether() {
        dice = -1; // all bits: nearly 1
        live(100, 10);
        eject();
        pass(BOUNDS.open().toMillis() + 900);
        assertFalse(standing().probeDue());
        pass(200);
        assertTrue(standing().probeDue());
    }

    @Test
    void aFailureOnTheWayBackIsEnough() {
        live(100, 10);
        eject();
        pass(6_000);
        answers(100);
        pass(1_000);
        assertTrue(standing().share() > 0);
        fails();
        assertEquals(0, standing().share());
    }

    @Test
    void whatAilsTheProviderIsSeenAtAllItsModels() {
        live(100, 10);
        TargetHealth sibling = health.of("acme", "acme/two");
        eject();
        assertEquals(0, standing(sibling).share());
        assertEquals(1, standing(health.of("other", "other/one")).share());
    }

    @Test
    void oneModelThatIsSlowSaysNothingOfItsSiblings() {
        live(100, 110);
        TargetHealth sibling = health.of("acme", "acme/two");
        for (int i = 0; i < 5; i++) {
            answers(1_500);
        }
        assertEquals(0, standing().share());
        assertEquals(1, standing(sibling).share());
    }

    @Test
    void whatEndedForOtherReasonsTellsNothing() {
        live(10, 10);
        for (int i = 0; i < 100; i++) {
            target.begin(true, TOKENS).cancelled();
        }
        assertEquals(1, standing().share());
        pass(60_000);
        assertFalse(standing().asked(), "and nobody is waited for");
    }

    @Test
    void onlyTheFirstEndCounts() {
        live(20, 10);
        Trial trial = target.begin(true, TOKENS);
        trial.failed();
        trial.failed();
        trial.failed();
        assertEquals(1, standing().share());
    }

    @Test
    @DisplayName("F19: a key that a vendor wants left alone is held as long as it says")
    void aKeyIsHeldAsLongAsTheVendorSays() {
        health.hold("acme", "k1", "acme/one", Duration.ofSeconds(7));
        assertTrue(health.isHeld("acme", "k1", "acme/one"));
        assertFalse(health.isHeld("acme", "k2", "acme/one"));
        assertFalse(health.isHeld("acme", "k1", "acme/two"));
        pass(6_999);
        assertTrue(health.isHeld("acme", "k1", "acme/one"));
        pass(1);
        assertFalse(health.isHeld("acme", "k1", "acme/one"));
    }

    @Test
    @DisplayName("F19: of two pauses the later end counts, and none outlives its end")
    void ofTwoPausesTheLaterEndCounts() {
        assertFalse(health.holds());
        health.hold("acme", "k1", "acme/one", Duration.ofSeconds(30));
        health.hold("acme", "k1", "acme/one", Duration.ofSeconds(1));
        pass(29_999);
        assertTrue(health.isHeld("acme", "k1", "acme/one"));
        assertTrue(health.holds());
        pass(1);
        assertFalse(health.holds(), "though nobody asked for that key since");
        assertFalse(health.isHeld("acme", "k1", "acme/one"));
    }

    @Test
    void allIsForgotten() {
        live(100, 10);
        eject();
        health.hold("acme", "k1", "acme/one", Duration.ofSeconds(30));
        long before = health.generation();
        health.forget();
        assertTrue(health.generation() != before);
        assertEquals(1, standing(health.of("acme", "acme/one")).share());
        assertFalse(health.isHeld("acme", "k1", "acme/one"));
        assertTrue(health.allHeld().isEmpty());
    }

    @Test
    @DisplayName("F23: retries are a fifth of the requests, and a few")
    void retriesAreAFifthOfTheRequestsAndAFew() {
        RetryBudget budget = health.retries("acme");
        int taken = 0;
        for (int i = 0; i < 1_000; i++) {
            budget.earn();
            taken += budget.take() ? 1 : 0;
        }
        assertTrue(taken >= 200 && taken <= 211, "took " + taken);
    }
}

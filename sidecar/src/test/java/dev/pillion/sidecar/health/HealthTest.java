package dev.pillion.sidecar.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.config.RoutingConfig.Breaker;
import dev.pillion.sidecar.health.TargetHealth.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a target, by a clock that is turned by hand. */
class HealthTest {
    private static final Breaker BOUNDS = Breaker.DEFAULTS;
    private static final long TOKENS = 500;

    private long nowNanos = TimeUnit.HOURS.toNanos(1);
    private long dice;
    private final RandomGenerator random = () -> dice;
    private final Health health = new Health(() -> nowNanos, random);
    private final TargetHealth target = health.of("acme", "acme/one");

    private void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private Standing standing() {
        return standing(target);
    }

    private Standing standing(TargetHealth of) {
        return of.standing(BOUNDS, true, TOKENS, nowNanos);
    }

    /** A request arrives, and is answered after so long. */
    private void answers(long millis) {
        health.arrived();
        Trial trial = target.begin(true, TOKENS);
        pass(millis);
        trial.content();
        trial.succeeded(100);
    }

    private void fails() {
        health.arrived();
        target.begin(true, TOKENS).failed();
    }

    /** Requests so far apart, all well. */
    private void live(int requests, long apartMillis) {
        for (int i = 0; i < requests; i++) {
            answers(Math.min(apartMillis, 100));
            pass(Math.max(0, apartMillis - 100));
        }
    }

    private void eject() {
        for (int i = 0; i < BOUNDS.failures(); i++) {
            fails();
        }
        assertEquals(0, standing().share());
    }

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
    @DisplayName("F17: calls that hang count before they time out")
    void callsThatHangCountBeforeTheyTimeOut() {
        live(100, 10);
        List<Trial> hanging = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            health.arrived();
            hanging.add(target.begin(true, TOKENS));
        }
        pass(1_900);
        assertEquals(1, standing().share());
        pass(200);
        assertEquals(0, standing().share());
        hanging.forEach(Trial::failed);
        pass(BOUNDS.open().toMillis() + 1_000);
        assertTrue(standing().probeDue(), "a call counts once, though it fails later");
    }

    @Test
    @DisplayName("F17: a long answer under way does not hide streams that hang")
    void aLongAnswerUnderWayDoesNotHideStreamsThatHang() {
        live(100, 10);
        for (int i = 0; i < 50; i++) {
            Trial whole = target.begin(false, TOKENS);
            pass(10_000);
            whole.content();
            whole.succeeded(2_000);
        }
        live(20, 10);
        target.begin(false, TOKENS); // usual, and older than all that follow
        for (int i = 0; i < 3; i++) {
            target.begin(true, TOKENS);
        }
        pass(2_100);
        assertEquals(0, standing().share());
    }

    @Test
    void oneThatHungAndAnsweredAfterAllIsCountedOnce() {
        live(100, 10);
        List<Trial> late = List.of(target.begin(true, TOKENS), target.begin(true, TOKENS));
        pass(2_100);
        assertEquals(1, standing().share(), "two are not three");
        late.forEach(trial -> trial.succeeded(100));
        assertEquals(1, standing().share());
        assertEquals(2, target.vitals().failed());
    }

    @Test
    void aSlowProbeLengthensThePauseOnce() {
        live(100, 110);
        for (int i = 0; i < 8 && standing().share() > 0; i++) {
            answers(1_000);
        }
        assertEquals(0, standing().share());
        while (!standing().probeDue()) {
            pass(100);
        }
        Trial probe = target.begin(true, TOKENS);
        pass(1_000);
        probe.content();
        long pause = target.vitals().untilNanos();
        assertTrue(pause > 0);
        probe.succeeded(100);
        assertEquals(pause, target.vitals().untilNanos());
    }

    @Test
    void aProbeThatNeverEndsBarsNoOther() {
        live(100, 10);
        eject();
        pass(6_000);
        target.begin(true, TOKENS).content(); // its answer goes on for ever
        pass(4_000);
        assertEquals(1, standing().share());
        eject();
        pass(60_000);
        assertTrue(standing().probeDue());
    }

    @Test
    void whatIsSlowByNatureHangsLater() {
        for (int i = 0; i < 50; i++) {
            answers(3_000);
        }
        for (int i = 0; i < 3; i++) {
            target.begin(true, TOKENS);
        }
        pass(8_000);
        assertEquals(1, standing().share());
        pass(3_500);
        assertEquals(0, standing().share());
    }

    @Test
    void ofATargetWhoseHabitsNobodyKnowsMoreIsBorne() {
        for (int i = 0; i < 3; i++) {
            target.begin(true, TOKENS);
        }
        pass(14_000);
        assertEquals(1, standing().share());
        pass(1_100);
        assertEquals(0, standing().share());
    }

    @Test
    void farSlowerThanItsOwnNormItIsLeftOut() {
        live(100, 110);
        for (int i = 0; i < 5; i++) {
            assertEquals(1, standing().share(), "after " + i);
            answers(1_000);
            if (standing().share() == 0) {
                break;
            }
        }
        assertEquals(0, standing().share());
    }

    @Test
    void aPauseThatDelaysManyCallsAtOnceIsNoSlowdown() {
        live(100, 20);
        List<Trial> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(target.begin(true, TOKENS));
            pass(10);
        }
        waiting.forEach(trial -> {
            trial.content();
            trial.succeeded(100);
        });
        assertEquals(1, standing().share());
        for (int i = 0; i < 5; i++) {
            answers(200);
        }
        assertEquals(0, standing().share(), "what lasts is one");
    }

    @Test
    void whatTakesTwiceAsLongIsWeighedAndNotLeftOut() {
        live(100, 110);
        double usual = standing().firstNanos();
        for (int i = 0; i < 10; i++) {
            answers(250);
        }
        assertEquals(1, standing().share());
        assertTrue(standing().firstNanos() > 2 * usual);
    }

    @Test
    void aSlowdownIsForgottenInSecondsWhenNobodyAsks() {
        live(100, 110);
        for (int i = 0; i < 5; i++) {
            answers(300);
        }
        double slow = standing().firstNanos();
        pass(60_000);
        assertTrue(standing().firstNanos() < 0.6 * slow);
    }

    @Test
    void theWaitIsLearnedByTheSizeOfThePrompt() {
        for (int i = 0; i < 30; i++) {
            answers(100);
            Trial large = target.begin(true, 50_000);
            pass(2_000);
            large.content();
            large.succeeded(100);
        }
        double small = target.standing(BOUNDS, true, TOKENS, nowNanos).firstNanos();
        double large = target.standing(BOUNDS, true, 50_000, nowNanos).firstNanos();
        assertEquals(100, small / 1e6, 20);
        assertEquals(2_000, large / 1e6, 200);
        assertEquals(1, standing().share(), "large prompts are no slowdown");
    }

    @Test
    void theTimeATokenTakesIsLearnedApart() {
        for (int i = 0; i < 30; i++) {
            Trial trial = target.begin(true, TOKENS);
            pass(100);
            trial.content();
            pass(990);
            trial.succeeded(100);
        }
        assertEquals(100, standing().firstNanos() / 1e6, 10);
        assertEquals(10, standing().perTokenNanos() / 1e6, 1);
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

    @Test
    void aThousandSlowAnswersInASecondAreOneSlowSecond() {
        live(100, 110);
        List<Trial> waiting = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            waiting.add(target.begin(true, TOKENS));
        }
        pass(350);
        waiting.forEach(Trial::content);
        double usual = standing().usualNanos() / 1e6;
        assertTrue(usual >= 100 && usual < 110, () -> "what is usual became " + usual);
        assertTrue(standing().firstNanos() / 1e6 > 300, "but now it is slow");
    }
}

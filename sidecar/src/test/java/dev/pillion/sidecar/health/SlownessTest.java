package dev.pillion.sidecar.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a target that hangs or is slow, and what is learned of its times. */
class SlownessTest extends HealthBed {
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

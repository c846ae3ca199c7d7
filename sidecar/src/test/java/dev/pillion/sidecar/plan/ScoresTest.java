package dev.pillion.sidecar.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.health.TargetHealth.Standing;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is asked first, by numbers alone. */
class ScoresTest {
    private static final int DRAWS = 10_000;
    private static final long NOW = TimeUnit.HOURS.toNanos(1);
    private static final double[] EVEN_USD = {0.001, 0.001, 0.001};

    private final SplittableRandom random = new SplittableRandom(6);

    private static Standing standing(double share, double failureShare, double millis) {
        double nanos = millis * 1e6;
        return new Standing(
                share, false, failureShare, nanos, nanos, nanos, 1e6, true, false, NOW - 1);
    }

    /** How often each is first. */
    private double[] firsts(double[] usd, Standing... standing) {
        double[] firsts = new double[usd.length];
        for (int i = 0; i < DRAWS; i++) {
            Scores scores = Scores.of(usd, standing, Weights.BALANCED);
            firsts[scores.order(standing, NOW, random)[0]] += 1.0 / DRAWS;
        }
        return firsts;
    }

    @Test
    void whenAllAreOutTheLeastBadIsTried() {
        double[] firsts =
                firsts(
                        EVEN_USD,
                        standing(0, 0.9, 100),
                        standing(0, 0.3, 100),
                        standing(0, 0.6, 100));
        assertEquals(1, firsts[1], 1e-9);
    }

    @Test
    void whoIsLeftOutComesAfterAllOthersHoweverGoodItWas() {
        double[] usd = {0.0001, 0.01};
        double[] firsts = firsts(usd, standing(0, 0, 10), standing(1, 0.1, 5_000));
        assertEquals(1, firsts[1], 1e-9);
    }

    @Test
    void whoComesBackGetsItsShareAndNoMore() {
        double[] usd = {0.001, 0.002};
        double[] firsts = firsts(usd, standing(0.3, 0, 100), standing(1, 0, 100));
        assertEquals(0.3, firsts[0], 0.03);
    }

    @Test
    void nearTiesAreSpread() {
        double[] firsts =
                firsts(EVEN_USD, standing(1, 0, 100), standing(1, 0, 101), standing(1, 0, 102));
        for (double share : firsts) {
            assertEquals(1 / 3.0, share, 0.03);
        }
    }

    @Test
    void anUnknownPriceIsNoGift() {
        double[] usd = {Double.NaN, 0.001};
        double[] firsts = firsts(usd, standing(1, 0, 100), standing(1, 0, 100));
        assertEquals(1, firsts[1], 1e-9);
    }

    @Test
    void whatIsFreeDoesNotMakeAllElseInfinitelyDear() {
        double[] usd = {0, 0.001};
        Standing[] standing = {standing(1, 0, 100), standing(1, 0, 100)};
        Scores scores = Scores.of(usd, standing, Weights.BALANCED);
        assertTrue(Double.isFinite(scores.terms(0.001, standing[1]).cost()));
        assertEquals(0, scores.terms(0, standing[0]).cost());
    }

    @Test
    void whoWouldNotBeAskedIfItWereWellIsNotTried() {
        double[] usd = {0.001, 0.001, 0.1};
        Standing[] standing = {standing(1, 0, 100), standing(0, 0.9, 100), standing(0, 0.9, 100)};
        Scores scores = Scores.of(usd, standing, Weights.BALANCED);
        assertTrue(scores.worthTrying(1, 0, standing[1], NOW));
        assertFalse(scores.worthTrying(2, 0, standing[2], NOW));
    }
}

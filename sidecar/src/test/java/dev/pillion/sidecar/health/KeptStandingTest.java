package dev.pillion.sidecar.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.config.RoutingConfig.Breaker;
import dev.pillion.sidecar.health.TargetHealth.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A standing that was kept is what would be found anew, whatever happens and whenever it is. */
final class KeptStandingTest {
    private static final int STEPS = 5_000;
    private static final int SEEDS = 10;
    private static final int MODELS = 3;
    private static final Breaker LIMITS = Breaker.DEFAULTS;

    /** One in eight such spells is bad. */
    private static final long ILL_NANOS = TimeUnit.SECONDS.toNanos(20);

    private long nowNanos = 1;

    /** One of two that live through the same: the one keeps what it finds, the other never does. */
    private final class Life {
        private final Health health = new Health(() -> nowNanos, new SplittableRandom(5));
        private final List<Trial> trials = new ArrayList<>();

        TargetHealth target(int model) {
            return health.of("p", "p/" + model);
        }

        void begin(int model, boolean stream, long tokens) {
            health.arrived();
            trials.add(target(model).begin(stream, tokens));
        }

        void goOn(int trial, int how) {
            Trial it = trials.get(trial);
            switch (how) {
                case 0 -> it.failed();
                case 1 -> it.cancelled();
                case 2, 3 -> it.content();
                default -> it.succeeded(100);
            }
            if (how != 2 && how != 3) {
                trials.remove(trial);
            }
        }
    }

    @Test
    void whatIsKeptIsWhatWouldBeFound() {
        int kept = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            kept += kept(seed);
        }
        int all = SEEDS * STEPS;
        assertTrue(kept > all / 5 && kept < all * 9 / 10, kept + " of " + all + " were kept");
    }

    /** Lives through much; returns how often the standing was at hand. */
    @SuppressWarnings("ReferenceEquality") // what was found anew is another
    private int kept(long seed) {
        var random = new SplittableRandom(seed);
        var keeping = new Life();
        var fresh = new Life();
        long stepNanos = TimeUnit.MILLISECONDS.toNanos(1L << random.nextInt(10));
        int same = 0;
        for (int i = 0; i < STEPS; i++) {
            nowNanos += random.nextInt(4) == 0 ? random.nextLong(4 * stepNanos) : 0;
            int model = random.nextInt(MODELS);
            boolean stream = random.nextInt(4) > 0;
            long tokens = 500L << random.nextInt(9);
            if (random.nextInt(3) == 0) {
                live(keeping, fresh, random, model, stream, tokens);
            }
            Standing kept = keeping.target(model).standing(LIMITS, stream, tokens, nowNanos);
            assertEquals(
                    fresh.target(model).standing(another(), stream, tokens, nowNanos),
                    kept,
                    "seed " + seed + ", step " + i);
            Standing again = keeping.target(model).standing(LIMITS, stream, tokens, nowNanos);
            same += again == kept ? 1 : 0;
        }
        return same;
    }

    /** The same limits; but what was found by others does not hold. */
    private static Breaker another() {
        return new Breaker(
                LIMITS.failures(),
                LIMITS.errorRate(),
                LIMITS.window(),
                LIMITS.slow(),
                LIMITS.open(),
                LIMITS.openMax(),
                LIMITS.probes());
    }

    private void live(
            Life one, Life other, SplittableRandom random, int model, boolean stream, long tokens) {
        int trials = one.trials.size();
        if (trials == 0 || (trials < 6 && random.nextBoolean())) {
            one.begin(model, stream, tokens);
            other.begin(model, stream, tokens);
        } else if (random.nextInt(20) == 0) {
            assertEquals(one.target(model).claimProbe(), other.target(model).claimProbe());
        } else {
            int trial = random.nextInt(trials);
            boolean ill = random.nextInt(nowNanos / ILL_NANOS % 8 == 0 ? 3 : 40) == 0;
            int how = ill ? random.nextInt(2) : 2 + random.nextInt(6);
            one.goOn(trial, how);
            other.goOn(trial, how);
        }
    }
}

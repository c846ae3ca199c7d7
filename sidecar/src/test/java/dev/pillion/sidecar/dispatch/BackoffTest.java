package dev.pillion.sidecar.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.config.RoutingConfig;
import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final RoutingConfig.Backoff BOUNDS =
            new RoutingConfig.Backoff(Duration.ofMillis(100), Duration.ofMillis(350));

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    @DisplayName("F23: a pause is anywhere below its bound, which doubles up to the largest")
    void aPauseHasFullJitter() {
        long[] most = {100, 200, 350, 350};
        for (int retry = 0; retry < most.length; retry++) {
            int nth = retry;
            LongSummaryStatistics waits =
                    LongStream.range(0, 2000)
                            .map(_ -> Backoff.waitNanos(BOUNDS, nth, null, random))
                            .summaryStatistics();
            long bound = Duration.ofMillis(most[retry]).toNanos();
            assertTrue(waits.getMax() < bound && waits.getMax() > bound * 0.95, "" + waits);
            assertTrue(waits.getMin() >= 0 && waits.getMin() < bound * 0.05, "" + waits);
        }
    }

    @Test
    @DisplayName("F19 F23: a pause is never shorter than the vendor asks for")
    void aHintIsTheLeast() {
        Duration hint = Duration.ofSeconds(3);
        assertEquals(hint.toNanos(), Backoff.waitNanos(BOUNDS, 0, hint, random));
    }
}

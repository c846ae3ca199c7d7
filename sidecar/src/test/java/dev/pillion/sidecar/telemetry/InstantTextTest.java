package dev.pillion.sidecar.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InstantTextTest {
    @Test
    void everyMomentIsWrittenAsTheJdkWritesIt() {
        var random = new Random(7);
        var text = new InstantText();
        for (int i = 0; i < 20_000; i++) {
            long second = 1_790_000_000L + i / 100;
            long scale = new long[] {1, 1_000, 1_000_000, 1_000_000_000}[i % 4];
            Instant moment =
                    Instant.ofEpochSecond(second, random.nextLong(1_000_000_000L / scale) * scale);
            assertEquals(moment.toString(), text.of(moment));
        }
    }

    @Test
    void momentsOfFarTimesAreWrittenToo() {
        var text = new InstantText();
        for (Instant moment :
                new Instant[] {
                    Instant.MIN, Instant.EPOCH, Instant.MAX, Instant.parse("-0001-01-01T00:00:01Z")
                }) {
            assertEquals(moment.toString(), text.of(moment));
        }
    }
}

package dev.pillion.sidecar.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client that leaves while its large body is read off the loop. */
class LeftWhileReadTest {

    @Test
    @DisplayName("F37 nobody is asked for a client that has left, and its line is there once")
    void nobodyIsAskedForAClientThatHasLeft() {
        var waiting = new ArrayDeque<Runnable>();
        try (var bed = new FlowBed(FlowBed.CONFIG, 1 << 20, waiting::add)) {
            String words = "x".repeat(2 << 20);
            FakeClient client =
                    bed.generate(
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}");
            assertEquals(1, waiting.size(), "it is read elsewhere");
            client.leaves();
            waiting.remove().run();
            bed.loop.settle();
            assertEquals(List.of(), bed.vendors.calls);
            assertEquals(List.of(), bed.booked());
            String log = bed.log();
            assertEquals(1, log.lines().count(), log);
            assertTrue(log.contains("\"outcome\":\"cancelled\""), log);
        }
    }
}

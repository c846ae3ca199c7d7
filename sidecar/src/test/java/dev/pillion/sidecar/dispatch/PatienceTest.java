package dev.pillion.sidecar.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.adapters.Outline;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.config.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
    private static final Work CHAT = new Work.Chat(null, new Once<>(() -> null));

    private static Patience of(Work work, boolean stream, Effort used, Need... needs) {
        var outline =
                new Outline(
                        "m",
                        stream,
                        Set.of(needs),
                        Set.of(),
                        0,
                        -1,
                        -1,
                        null,
                        false,
                        Outline.Splice.NONE,
                        null);
        var job = new Job(work, null, outline, stream, false, true, true, false, 0);
        var call = new UpstreamCall("POST", "/", Headers.NONE, List.of(), stream, List.of(), used);
        return Patience.of(Timeouts.DEFAULTS, job, call);
    }

    @ParameterizedTest
    @CsvSource({"OFF,1", "MINIMAL,1", "LOW,1", "MEDIUM,1", "HIGH,2", "XHIGH,3", "MAX,4"})
    void aHighEffortStretchesWhatItMakesSlow(Effort effort, int times) {
        Patience streamed = of(CHAT, true, effort);
        assertEquals(Duration.ofSeconds(20L * times), streamed.firstByte());
        assertEquals(Duration.ofSeconds(60L * times), streamed.idle());
        assertEquals(Duration.ofMinutes(20L * times), streamed.total());
        assertEquals(Duration.ofMinutes(10L * times), of(CHAT, false, effort).firstByte());
    }

    @Test
    void aBodyThatGoesThroughAndAsksForThinkingHasTwiceTheTime() {
        assertEquals(Duration.ofSeconds(40), of(CHAT, true, null, Need.THINKING).firstByte());
        assertEquals(Duration.ofSeconds(20), of(CHAT, true, null).firstByte());
    }

    @Test
    void whatIsMadeWithoutThinkingIsNotWaitedForLikeAnAnswer() {
        assertEquals(
                Duration.ofSeconds(60),
                of(new Work.Embed(null, null, new Once<>(() -> null)), false, null).firstByte());
        assertEquals(
                Duration.ofSeconds(20),
                of(new Work.Count(null, new Once<>(() -> null)), false, null).firstByte());
    }
}

package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
import dev.pillion.sidecar.config.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long each phase of one call may take: the provider's timeouts by the kind of call, stretched
 * where a model is asked to think hard, since it may be silent for as long as it thinks.
 *
 * @param firstByte until the first byte of the answer
 * @param idle between two reads of it
 * @param total the whole call
 */
record Patience(Duration firstByte, Duration idle, Duration total) {
    /** Vectors take as long as a streamed answer's first byte so many times at most. */
    private static final int VECTORS_FACTOR = 3;

    static Patience of(Timeouts timeouts, Job job, UpstreamCall call) {
        return switch (job.work()) {
            case Work.Chat _ -> answer(timeouts, call.stream(), factor(job, call.effortUsed()));
            case Work.Embed _ -> whole(timeouts, VECTORS_FACTOR);
            case Work.Count _ -> whole(timeouts, 1);
            case Work.Raw _ -> answer(timeouts, call.stream(), 1);
        };
    }

    private static Patience answer(Timeouts timeouts, boolean stream, int factor) {
        Duration first = stream ? timeouts.firstByte() : timeouts.firstByteUnstreamed();
        return new Patience(
                first.multipliedBy(factor),
                timeouts.idle().multipliedBy(factor),
                timeouts.total().multipliedBy(factor));
    }

    /** What is made without thinking takes no longer than an answer does. */
    private static Patience whole(Timeouts timeouts, int factor) {
        Duration first = timeouts.firstByte().multipliedBy(factor);
        Duration most = timeouts.firstByteUnstreamed();
        return new Patience(
                first.compareTo(most) < 0 ? first : most, timeouts.idle(), timeouts.total());
    }

    /** Of a body that goes through as it is, only whether thinking is asked for is known. */
    private static int factor(Job job, @Nullable Effort used) {
        if (used == null) {
            return job.outline().needs().contains(Need.THINKING) ? 2 : 1;
        }
        return switch (used) {
            case OFF, MINIMAL, LOW, MEDIUM -> 1;
            case HIGH -> 2;
            case XHIGH -> 3;
            case MAX -> 4;
        };
    }
}

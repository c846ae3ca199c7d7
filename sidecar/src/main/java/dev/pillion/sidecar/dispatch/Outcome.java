package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.RouteReport.AttemptReport;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.plan.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a dispatch ended.
 *
 * @param target who answered, or who failed last; null when nobody could be asked
 * @param stop null unless the answer is complete
 * @param spent what each attempt that reached an answer used, in order
 * @param vendorWaitNanos time until the answer's head that was the vendors' or the network's
 */
public record Outcome(
        @Nullable Target target,
        @Nullable Stop stop,
        List<AttemptReport> attempts,
        List<Spent> spent,
        List<Source> sources,
        List<String> dropped,
        @Nullable Effort effortUsed,
        long vendorWaitNanos) {

    /** Nobody was asked. */
    public static final Outcome NONE =
            new Outcome(null, null, List.of(), List.of(), List.of(), List.of(), null, 0);

    /** The usage of one attempt at one target; null where the vendor did not say. */
    public record Spent(Target target, @Nullable Usage usage) {}
}

package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.RouteReport.AttemptReport;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.telemetry.AttemptRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a dispatch ended.
 *
 * @param target who answered, or who failed last; null when nobody could be asked
 * @param stop null unless the answer is complete
 * @param tried every attempt, in the order in which they ended
 * @param vendorWaitNanos time until the answer's head that was the vendors' or the network's
 */
public record Outcome(
        @Nullable Target target,
        @Nullable Stop stop,
        List<Tried> tried,
        List<Source> sources,
        List<String> dropped,
        @Nullable Effort effortUsed,
        long vendorWaitNanos) {

    /** Nobody was asked. */
    public static final Outcome NONE =
            new Outcome(null, null, List.of(), List.of(), List.of(), null, 0);

    /**
     * One attempt at one target.
     *
     * @param how {@code ok}, {@code cancelled}, {@code hedged} or the kind of its fault
     * @param endedNanos on the loop's clock
     * @param usage as far as the vendor told; null: it told none, and may yet have charged
     * @param answering whether content of it went to the client
     */
    public record Tried(
            Target target,
            String how,
            long millis,
            long endedNanos,
            @Nullable Usage usage,
            boolean answering) {

        public boolean succeeded() {
            return how.equals(OK);
        }

        AttemptReport report() {
            return new AttemptReport(target.provider(), target.model().vendorId(), how, millis);
        }
    }

    /** How an attempt ends that fails in nothing. */
    static final String OK = "ok";

    /** How one ends that another one has overtaken. */
    static final String HEDGED = AttemptRecord.HEDGED;

    /** How one ends for which nobody waits any more. */
    static final String CANCELLED = "cancelled";

    /** The attempts as clients and the log are told of them. */
    public List<AttemptReport> attempts() {
        return tried.stream().map(Tried::report).toList();
    }
}

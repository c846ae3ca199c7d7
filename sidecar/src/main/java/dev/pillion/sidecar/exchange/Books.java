package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Outline;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.RouteReport;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.account.PriceBook;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Outcome;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.telemetry.RequestRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is kept of one request for its headers, its ending and its log line. */
final class Books {
    private static final long BYTES_PER_TOKEN = 4;

    private final Inbound in;
    private final AnyDialect dialect;
    private final Snapshot snapshot;
    private final Exchange.Services services;
    private final Instant began;
    private @Nullable Outline outline;
    private @Nullable Wishes wishes;
    private @Nullable Admitted caller;
    private @Nullable Plan plan;
    private @Nullable Long firstContentNanos;
    private @Nullable Usage usage;
    private Cost cost = Cost.UNKNOWN;
    private long answeredChars;
    private long overheadMicros;
    private boolean booked;

    Books(Inbound in, AnyDialect dialect, Snapshot snapshot, Exchange.Services services) {
        this.in = in;
        this.dialect = dialect;
        this.snapshot = snapshot;
        this.services = services;
        this.began = services.clock().instant();
    }

    void understood(Outline found, Wishes asked) {
        outline = found;
        wishes = asked;
    }

    void admitted(Admitted who) {
        caller = who;
    }

    void planned(Plan made) {
        plan = made;
    }

    void firstContent(long nanos) {
        firstContentNanos = nanos;
    }

    /** Counts what was answered, for an estimate where the vendor gives no usage. */
    void saw(ChatEvent event) {
        if (event instanceof ChatEvent.TextDelta text) {
            answeredChars += text.delta().length();
        } else if (event instanceof ChatEvent.ThinkingDelta thinking) {
            answeredChars += thinking.delta().length();
        } else if (event instanceof ChatEvent.ToolCallDelta call) {
            answeredChars += call.argumentsDelta().length();
        }
    }

    /** Frames that went through; a small part of their bytes is text. */
    void sawBytes(int bytes) {
        answeredChars += bytes / 32;
    }

    String requestId() {
        return in.id();
    }

    long beganEpochSeconds() {
        return began.getEpochSecond();
    }

    boolean usageAsked() {
        return outline != null && outline.usageAsked();
    }

    @Nullable Effort effortAsked() {
        return outline == null || outline.decoded() == null ? null : outline.decoded().effort();
    }

    /** The model shown to the client: who answers, else who was asked for. */
    String servedModel() {
        return served;
    }

    private String served = "";

    void serving(Target target) {
        served = target.model().vendorId();
    }

    long overheadMicrosAt(long nanos, long vendorNanos) {
        long own = in.busyNanos() + (nanos - in.completeNanos()) - vendorNanos;
        return Math.max(0, TimeUnit.NANOSECONDS.toMicros(own));
    }

    void overheadMicros(long micros) {
        overheadMicros = micros;
    }

    /** What the end of a whole answer tells. */
    Ending ending(Outcome outcome) {
        book(outcome);
        Target target = outcome.target();
        Stop stop = outcome.stop() == null ? new Stop(StopReason.END) : outcome.stop();
        RouteReport route = target == null ? null : route(target, outcome);
        return new Ending(stop, used(), cost, route, outcome.sources());
    }

    private RouteReport route(Target target, Outcome outcome) {
        return new RouteReport(
                target.provider(),
                target.model().vendorId(),
                target.keyId(),
                effortAsked(),
                outcome.effortUsed(),
                outcome.attempts(),
                plan == null ? "" : plan.why());
    }

    private Usage used() {
        return usage == null ? Usage.NONE : usage;
    }

    /** Adds up what every attempt cost; once. */
    private void book(Outcome outcome) {
        if (booked) {
            return;
        }
        booked = true;
        LocalDate asOf = snapshot.config().pricesAsOf();
        BigDecimal sum = BigDecimal.ZERO;
        boolean known = true;
        boolean estimated = false;
        for (Outcome.Spent spent : outcome.spent()) {
            Usage each = spent.usage() == null ? estimate() : spent.usage();
            usage = each;
            Cost part =
                    PriceBook.cost(
                            each,
                            spent.target().model().prices(),
                            services.clock().instant(),
                            asOf);
            estimated |= each.estimated();
            known &= part.usd() != null;
            sum = part.usd() == null ? sum : sum.add(part.usd());
        }
        cost = new Cost(known ? sum : null, estimated, asOf);
    }

    /** What an answer used whose vendor did not say. */
    private Usage estimate() {
        long input = in.body().length / BYTES_PER_TOKEN + 1;
        long output = answeredChars / BYTES_PER_TOKEN + 1;
        return new Usage(input, 0, 0, 0, output, 0, 0, 0, 0, null, true);
    }

    /** The exchange is over: its one log line. */
    void close(int status, String how, Outcome outcome, long nanos) {
        book(outcome);
        Target target = outcome.target();
        Long first = firstContentNanos;
        services.telemetry()
                .finished(
                        new RequestRecord(
                                began,
                                in.id(),
                                wishes == null ? null : wishes.traceId(),
                                callerName(),
                                in.uid(),
                                dialect.surface(),
                                plan == null ? null : plan.modelClass(),
                                target == null ? null : target.provider(),
                                target == null ? null : target.model().vendorId(),
                                target == null ? null : target.keyId(),
                                outline != null && outline.stream(),
                                status,
                                how,
                                outcome.stop() == null ? null : outcome.stop().reason().wire(),
                                outcome.attempts(),
                                used(),
                                cost,
                                first == null ? null : millis(first - in.beganNanos()),
                                millis(nanos - in.beganNanos()),
                                overheadMicros,
                                caller == null ? Map.of() : caller.tags()));
    }

    /** Who called; what it claims to be where the request was refused before that was known. */
    private String callerName() {
        if (caller != null) {
            return caller.name();
        }
        String claimed = wishes == null ? null : wishes.caller();
        return claimed == null ? "unknown" : claimed;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}

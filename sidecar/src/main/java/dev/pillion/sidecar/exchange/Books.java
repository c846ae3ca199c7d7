package dev.pillion.sidecar.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.RawDialect;
import dev.pillion.adapters.TokenPrior;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.RouteReport;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.account.Entry;
import dev.pillion.sidecar.account.PromptSize;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.admit.Permit;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Outcome;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.telemetry.AttemptRecord;
import dev.pillion.sidecar.telemetry.RequestRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is kept of one request for its headers, its ending and its log line. */
final class Books {
    /** The caller's name where nobody knows it. */
    static final String UNKNOWN = "unknown";

    private static final long BYTES_PER_TOKEN = 4;

    private final Inbound in;
    private final AnyDialect dialect;
    private final Snapshot snapshot;
    private final Exchange.Services services;
    private final Instant began;
    private @Nullable Outline outline;
    private @Nullable Wishes wishes;
    private @Nullable Admitted caller;
    private @Nullable Permit permit;
    private @Nullable Plan plan;
    private @Nullable JsonNode explanation;
    private @Nullable Long firstContentNanos;
    private @Nullable Bill bill;
    private long answeredChars;
    private long overheadMicros;

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

    void asked(Wishes asked) {
        wishes = asked;
    }

    void admitted(Admitted who) {
        caller = who;
    }

    void planned(Plan made) {
        plan = made;
    }

    /** The caller wants to know how it was planned. */
    void explained(JsonNode how) {
        explanation = how;
    }

    @Nullable JsonNode explanation() {
        return explanation;
    }

    /** It is settled when all attempts are booked. */
    void permitted(Permit taken) {
        permit = taken;
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

    /** A defect of ours, met while this request was served. */
    void defect(Throwable defect) {
        services.telemetry().diagnostics().defect("request " + in.id(), defect);
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
        return new Ending(stop, used(), cost(), route, outcome.sources());
    }

    private RouteReport route(Target target, Outcome outcome) {
        return new RouteReport(
                target.provider(),
                target.model().vendorId(),
                target.keyId(),
                effortAsked(),
                outcome.effortUsed(),
                outcome.attempts(),
                why(target),
                explanation);
    }

    /** Only the uniform surface tells it. */
    private String why(Target winner) {
        return plan == null || dialect.vendor() != null
                ? ""
                : plan.explanation().why(winner.model().id());
    }

    private Usage used() {
        return bill == null ? Usage.NONE : bill.usage();
    }

    private Cost cost() {
        return bill == null ? Cost.UNKNOWN : bill.cost();
    }

    /** Adds up what every attempt cost, and books it; once. */
    private void book(Outcome outcome) {
        if (bill != null) {
            return;
        }
        Instant now = services.clock().instant();
        Bill made = Bill.of(outcome, guess(outcome.stop()), now, snapshot);
        bill = made;
        services.ledger().book(entries(made));
        if (!(dialect instanceof RawDialect)) {
            learn(outcome);
        }
        if (permit != null) {
            permit.settle(made.knownUsd());
        }
    }

    /** Of what nobody reads here, or is not there yet, nobody can guess what it uses. */
    private Bill.@Nullable Guess guess(@Nullable Stop stop) {
        return dialect instanceof RawDialect || (stop != null && stop.isLater())
                ? null
                : new Bill.Guess(this::guessed, answeredChars / BYTES_PER_TOKEN + 1);
    }

    private long guessed(Target target) {
        if (in.body().length > TokenEstimator.MAX_SCANNED_BYTES) {
            return in.body().length / BYTES_PER_TOKEN + 1;
        }
        return services.estimator()
                .expected(target.model().id(), prior(target), PromptSize.of(in.body()));
    }

    private static TokenPrior prior(Target target) {
        return target.format().tokenPrior(target.provider());
    }

    /** Tells the estimator what the vendors counted, where that was one prompt of theirs. */
    private void learn(Outcome outcome) {
        PromptSize size = null;
        for (Outcome.Tried attempt : outcome.tried()) {
            Usage told = attempt.usage();
            String model = attempt.target().model().id();
            if (told == null || !isOnePrompt(told)) {
                continue;
            }
            if (size == null) {
                if (!services.estimator().wants(model, in.body().length)) {
                    continue;
                }
                size = PromptSize.of(in.body());
            }
            services.estimator().learn(model, prior(attempt.target()), size, told.inputTokens());
        }
    }

    private static boolean isOnePrompt(Usage told) {
        return told.inputTokens() > 0
                && !told.estimated()
                && told.webSearches() == 0
                && told.apart().longestPrompt() == 0
                && told.apart().calls().isEmpty()
                && told.apart().beside().isEmpty();
    }

    private List<Entry> entries(Bill made) {
        List<Entry> entries = new ArrayList<>(made.items().size());
        for (Bill.Item item : made.items()) {
            entries.add(entry(item, entries.size() + 1));
        }
        return entries;
    }

    private Entry entry(Bill.Item item, int number) {
        Outcome.Tried attempt = item.attempt();
        Target target = attempt.target();
        return new Entry(
                began.plusNanos(attempt.endedNanos() - in.beganNanos()),
                in.id(),
                number,
                callerName(),
                in.uid(),
                tags(),
                dialect.surface(),
                modelClass(),
                target.provider(),
                target.model().vendorId(),
                target.keyId(),
                outline != null && outline.stream(),
                attempt.how(),
                attempt.millis(),
                item.usage(),
                item.cost());
    }

    private @Nullable String modelClass() {
        return plan == null ? null : plan.modelClass();
    }

    private Map<String, String> tags() {
        return caller == null ? Map.of() : caller.tags();
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
                                modelClass(),
                                target == null ? null : target.provider(),
                                target == null ? null : named(target),
                                target == null ? null : target.keyId(),
                                outline != null && outline.stream(),
                                status,
                                how,
                                outcome.stop() == null ? null : outcome.stop().reason().wire(),
                                attempts(),
                                used(),
                                cost(),
                                first == null ? null : millis(first - in.beganNanos()),
                                millis(nanos - in.beganNanos()),
                                overheadMicros,
                                tags()));
    }

    private List<AttemptRecord> attempts() {
        if (bill == null || bill.items().isEmpty()) {
            return List.of();
        }
        List<AttemptRecord> records = new ArrayList<>(bill.items().size());
        for (Bill.Item item : bill.items()) {
            Outcome.Tried attempt = item.attempt();
            Target target = attempt.target();
            records.add(
                    new AttemptRecord(
                            target.provider(),
                            named(target),
                            target.keyId(),
                            attempt.how(),
                            attempt.millis(),
                            item.usage(),
                            item.cost()));
        }
        return records;
    }

    /** The model; null where a raw call names none. */
    private static @Nullable String named(Target target) {
        String model = target.model().vendorId();
        return model.isEmpty() ? null : model;
    }

    /** Who called; a name that was only claimed is nobody's. */
    private String callerName() {
        return caller == null ? UNKNOWN : caller.name();
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}

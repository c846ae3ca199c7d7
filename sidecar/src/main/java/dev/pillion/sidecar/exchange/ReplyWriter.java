package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.CountDialect;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.EmbedDialect;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.RawDialect;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.admit.Permit;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Answer;
import dev.pillion.sidecar.dispatch.Attempt;
import dev.pillion.sidecar.dispatch.Dispatch;
import dev.pillion.sidecar.dispatch.Outcome;
import dev.pillion.sidecar.plan.Explanation;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.upstream.Loop;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way back to the client: holds the header until there is content or ten seconds have passed,
 * keeps a waiting client alive, writes the answer, and ends it in exactly one way.
 */
final class ReplyWriter implements Answer {
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Responder out;
    private final AnyDialect dialect;
    private final Surface client;
    private final Loop loop;
    private final Books books;
    private final ReplyHeaders headers;
    private final ByteSink sink = new ByteSink(0);
    private @Nullable ReplyEncoder encoder;
    private @Nullable Dispatch dispatch;
    private @Nullable Attempt winner;
    private @Nullable List<Part> whole;
    private String vendorId = "";
    private @Nullable ByteSink wholeBytes;
    private Loop.@Nullable Timer timer;
    private boolean stream;
    private boolean failover = true;
    private final boolean raw;
    private @Nullable LedBack addresses;
    private int sentStatus;
    private boolean framesSent;
    private boolean over;
    private boolean paused;
    private long lastWriteNanos;

    ReplyWriter(
            Inbound in,
            Responder out,
            AnyDialect dialect,
            Surface client,
            Snapshot snapshot,
            Exchange.Services services) {
        this.out = out;
        this.dialect = dialect;
        this.client = client;
        this.loop = out.loop();
        this.books = new Books(in, dialect, snapshot, services);
        this.headers = new ReplyHeaders(in.id(), dialect, client);
        this.raw = dialect instanceof RawDialect;
        out.onGone(this::gone);
    }

    void asked(Wishes wishes) {
        books.asked(wishes);
    }

    void understood(Outline outline, Wishes wishes) {
        stream = outline.stream() && !raw;
        books.understood(outline, wishes);
    }

    void admitted(Admitted caller) {
        books.admitted(caller);
    }

    void planned(Plan plan, boolean mayFailOver) {
        failover = mayFailOver;
        books.planned(plan);
    }

    void explained(Explanation how) {
        books.explained(how.json());
    }

    void permitted(Permit permit) {
        books.permitted(permit);
    }

    void begun(Dispatch started) {
        dispatch = started;
        lastWriteNanos = loop.nanos();
        if (over) {
            started.cancel();
            return;
        }
        if (stream || raw) {
            out.onWritable(this::writable);
        }
        if (stream) {
            timer = loop.after(SILENCE_NANOS, this::silence);
        }
    }

    /** Ten seconds may have passed without a byte for the client. */
    private void silence() {
        if (over) {
            return;
        }
        long silentNanos = loop.nanos() - lastWriteNanos;
        if (silentNanos >= SILENCE_NANOS) {
            if (sentStatus == 0) {
                sendHead(headers.early(overheadMicros()));
            }
            encoder().keepAlive(sink);
            write();
            silentNanos = 0;
        }
        timer = loop.after(SILENCE_NANOS - silentNanos, this::silence);
    }

    @Override
    public void begin(Attempt attempt) {
        winner = attempt;
        books.serving(attempt.target());
        books.firstContent(loop.nanos());
        int attempts = dispatch == null ? 1 : dispatch.attempts();
        if (raw) {
            sentStatus = attempt.status();
            Headers fields = headers.raw(attempt, attempts, overheadMicros());
            boolean told = attempt.target().format().tellsAddresses(attempt.call().path());
            addresses = told ? headers.ledBack(attempt.target()) : null;
            long bytes = addresses == null ? RawHeaders.length(attempt.headers()) : -1;
            out.head(sentStatus, fields, bytes);
        } else if (stream && sentStatus == 0) {
            sendHead(headers.stream(attempt, attempts, books.effortAsked(), overheadMicros()));
        }
    }

    private void sendHead(Headers fields) {
        sentStatus = 200;
        out.head(200, fields);
    }

    @Override
    public void event(ChatEvent event) {
        books.saw(event);
        encoder().event(event, sink);
    }

    @Override
    public void frames(ByteSink frames) {
        framesSent = true;
        books.sawBytes(frames.size());
        lastWriteNanos = loop.nanos();
        if (addresses == null) {
            out.write(frames.view());
        } else {
            addresses.body(frames, sink);
        }
        frames.reset();
    }

    @Override
    public void flush() {
        write();
        if (!paused && !over && dispatch != null && !out.writable()) {
            paused = true;
            dispatch.pause();
        }
    }

    private void write() {
        if (!sink.isEmpty()) {
            lastWriteNanos = loop.nanos();
            out.write(sink.view());
            sink.reset();
        }
        out.flush();
    }

    private void writable() {
        if (!paused || over || dispatch == null) {
            return;
        }
        paused = false;
        try {
            dispatch.resume();
        } catch (RuntimeException e) {
            broken(e, dispatch.cancel());
        }
    }

    @Override
    public void whole(String id, List<Part> content) {
        vendorId = id;
        whole = content;
    }

    @Override
    public void whole(ByteSink body) {
        wholeBytes = body;
    }

    @Override
    public void done(Outcome outcome) {
        if (over) {
            return;
        }
        Ending ending = books.ending(outcome);
        if (stream || raw) {
            if (!winnerPassed()) {
                encoder().finish(ending, sink);
            }
            if (addresses != null) {
                addresses.end(sink);
            }
            write();
            out.finish();
        } else {
            byte[] body = wholeBody(ending);
            books.overheadMicros(overheadMicros());
            out.reply(
                    200,
                    headers.whole(
                            Objects.requireNonNull(winner),
                            outcome,
                            ending,
                            books.effortAsked(),
                            overheadMicros()),
                    body);
        }
        end(raw ? sentStatus : 200, "ok", outcome);
    }

    private boolean winnerPassed() {
        return winner != null && winner.passed();
    }

    private byte[] wholeBody(Ending ending) {
        if (wholeBytes != null) {
            return wholeBytes.handOver();
        }
        List<Part> content = whole == null ? List.of() : whole;
        String model = books.servedModel();
        return chat().reply(new ChatReply(vendorId, model, content, ending), context());
    }

    @Override
    public void failed(Fault fault, Outcome outcome) {
        if (over) {
            return;
        }
        Fault.VendorAnswer own = fault.vendor();
        var report =
                new ErrorContext(
                        books.requestId(),
                        provider(outcome),
                        outcome.attempts(),
                        client,
                        books.explanation());
        if (raw && sentStatus != 0) {
            out.cut();
            end(sentStatus, fault.kind().wire(), outcome);
        } else if (sentStatus != 0) {
            if (framesSent && winner != null) {
                encoder().afterOthers(winner.place());
            }
            encoder().fail(fault, report, sink);
            write();
            out.finish();
            end(200, fault.kind().wire(), outcome);
        } else if ((raw || !failover) && own != null && fault.origin() != Origin.CREDENTIAL) {
            Headers fields =
                    raw
                            ? headers.rawError(fault, outcome, own, failover, overheadMicros())
                            : headers.vendorError(outcome, own, overheadMicros());
            out.reply(own.status(), fields, own.body());
            end(own.status(), fault.kind().wire(), outcome);
        } else {
            int status = dialect.errors().status(fault);
            out.reply(
                    status,
                    headers.error(fault, status, outcome, failover, overheadMicros()),
                    dialect.errors().body(fault, report));
            end(status, fault.kind().wire(), outcome);
        }
    }

    private static @Nullable String provider(Outcome outcome) {
        return outcome.tried().isEmpty() ? null : outcome.tried().getLast().target().provider();
    }

    /** Nothing is served there by that method, but by others. */
    void refuseMethod(Fault fault, List<String> allowed) {
        Headers fields = headers.error(fault, 405, Outcome.NONE, true, overheadMicros());
        var report = new ErrorContext(books.requestId(), null, List.of(), client);
        out.reply(
                405,
                fields.plus(Headers.of("allow", String.join(", ", allowed))),
                dialect.errors().body(fault, report));
        end(405, fault.kind().wire(), Outcome.NONE);
    }

    /** The request itself is refused; no vendor was asked. */
    void refuse(Fault fault) {
        failed(fault, Outcome.NONE);
    }

    /** A defect of ours: told as one, and never with what the request said. */
    @Override
    public void broken(RuntimeException defect, Outcome outcome) {
        books.defect(defect);
        failed(
                Fault.internal("a defect in Pillion; its standard error names this request's id"),
                outcome);
    }

    private void gone() {
        if (!over) {
            end(sentStatus == 0 ? 499 : sentStatus, "cancelled", cancelled());
        }
    }

    /** A defect in giving up must not cost the request its line. */
    private Outcome cancelled() {
        try {
            return dispatch == null ? Outcome.NONE : dispatch.cancel();
        } catch (RuntimeException e) {
            books.defect(e);
            return Outcome.NONE;
        }
    }

    /** Whether the request has ended, and its line is written. */
    boolean over() {
        return over;
    }

    private void end(int status, String how, Outcome outcome) {
        over = true;
        if (timer != null) {
            timer.cancel();
        }
        books.close(status, how, outcome, loop.nanos());
    }

    /** From the request's first byte to now, without waits for the client and for vendors. */
    private long overheadMicros() {
        long vendors = dispatch == null ? 0 : dispatch.vendorWaitNanos();
        long micros = books.overheadMicrosAt(loop.nanos(), vendors);
        books.overheadMicros(micros);
        return micros;
    }

    private ReplyEncoder encoder() {
        ReplyEncoder open = encoder;
        if (open == null) {
            open = chat().encoder(context());
            encoder = open;
        }
        return open;
    }

    /** Only what is answered is streamed, or comes in parts. */
    private Dialect chat() {
        return switch (dialect) {
            case Dialect chat -> chat;
            case EmbedDialect _, CountDialect _, ModelsDialect _, RawDialect _ ->
                    throw new IllegalStateException(dialect.surface() + " has no parts");
        };
    }

    private ReplyContext context() {
        return new ReplyContext(
                books.requestId(),
                books.servedModel(),
                books.beganEpochSeconds(),
                books.usageAsked(),
                client);
    }
}

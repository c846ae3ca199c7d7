package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.StoredIds;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.health.Trial;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.upstream.Loop;
import dev.pillion.sidecar.upstream.VendorCall;
import dev.pillion.sidecar.upstream.VendorListener;
import dev.pillion.sidecar.upstream.VendorRequest;
import dev.pillion.sidecar.upstream.Vendors;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call to one target, from sending it to its last byte. Lives on its exchange's loop. */
public final class Attempt implements VendorListener {
    /** As much of an error's body as is read. */
    private static final int MAX_ERROR_BYTES = 1 << 20;

    /** How long a vendor may stay silent when all but its closing marker has come. */
    private static final long CLOSING_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a complete answer's connection may take to become free for the next call. */
    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Who hears of the attempt. */
    interface Owner {
        /** Whether such a status begins an answer; any other one is an error's. */
        boolean answers(int status);

        /** The reader for an answer that has begun well. */
        Reply reply(Attempt attempt, Headers headers);

        /** It is the first to have content: from here on there is no other. */
        void wins(Attempt attempt);

        /** The answer is complete. */
        void completed(Attempt attempt);

        /** The attempt failed. */
        void failed(Attempt attempt, Fault fault);

        /** Reading the answer met a defect of ours. */
        void broken(Attempt attempt, RuntimeException defect);
    }

    private final Owner owner;
    private final Loop loop;
    private final Target target;
    private final UpstreamCall call;
    private final boolean passed;
    private final @Nullable StoredIds stored;
    private final @Nullable Trial trial;
    private final VendorTime waits;
    private final long startedNanos;
    private @Nullable VendorCall vendor;
    private @Nullable Reply reply;
    private @Nullable ByteSink error;
    private Headers headers = Headers.NONE;
    private Loop.@Nullable Timer timer;
    private Loop.@Nullable Timer limit;
    private Loop.@Nullable Timer patience;
    private Loop.@Nullable Timer hedge;
    private boolean sent;
    private boolean waiting;
    private int status;
    private boolean bodyEnded;
    private boolean over;

    /**
     * @param stored is shown the answer; null: nobody needs to know what its vendor stores
     * @param trial hears of the first content; null: it tells nothing of the target's health
     * @param waits hears how long there is no answer
     */
    Attempt(
            Owner owner,
            Loop loop,
            Target target,
            UpstreamCall call,
            boolean passed,
            @Nullable StoredIds stored,
            @Nullable Trial trial,
            VendorTime waits) {
        this.owner = owner;
        this.loop = loop;
        this.target = target;
        this.call = call;
        this.passed = passed;
        this.stored = stored;
        this.trial = trial;
        this.waits = waits;
        this.startedNanos = loop.nanos();
    }

    void send(Vendors vendors, VendorRequest request) {
        vendor = vendors.send(loop, request, this);
        waiting = true;
        waits.begin();
    }

    /** What ends it when it takes too long; not to be heard of once it is over. */
    void limit(Loop.Timer ending) {
        limit = ending;
    }

    /** What looks after it while nothing comes; likewise. */
    void patience(Loop.Timer looking) {
        patience = looking;
    }

    /** What gives it company while nothing comes; likewise. */
    void hedge(Loop.Timer asking) {
        hedge = asking;
    }

    /** Its answer has content. */
    void begin(Answer answer) {
        if (hedge != null) {
            hedge.cancel();
        }
        owner.wins(this);
        answer.begin(this);
    }

    @Override
    public void sent() {
        sent = true;
    }

    @Override
    public void head(int statusCode, Headers replyHeaders) {
        status = statusCode;
        headers = replyHeaders;
        answered();
        if (over) {
            return;
        }
        if (!owner.answers(statusCode)) {
            error = new ByteSink();
            return;
        }
        try {
            reply = owner.reply(this, replyHeaders);
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    @Override
    public void body(ByteBuffer piece) {
        if (over) {
            return;
        }
        if (reply != null) {
            if (stored != null) {
                stored.body(piece);
            }
            try {
                reply.body(piece);
                settle();
            } catch (RuntimeException e) {
                broken(e);
            }
        } else if (error != null && error.size() < MAX_ERROR_BYTES) {
            error.write(piece);
        }
    }

    @Override
    public void readComplete() {
        if (over || reply == null) {
            return;
        }
        try {
            reply.readComplete();
            settle();
        } catch (RuntimeException e) {
            broken(e);
        }
        if (!over && timer == null && reply.finishing()) {
            timer = loop.after(CLOSING_GRACE_NANOS, this::closeWithoutMarker);
        }
    }

    private void closeWithoutMarker() {
        if (!over && reply != null) {
            endReply(reply);
            cancelVendor();
        }
    }

    private void endReply(Reply ending) {
        try {
            ending.end();
            settle();
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    /** Goes on reading with what had to be done elsewhere; without effect when all is over. */
    void goOn(Runnable step) {
        if (over) {
            return;
        }
        try {
            step.run();
            settle();
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    private void broken(RuntimeException defect) {
        if (!over) {
            cancel();
            owner.broken(this, defect);
        }
    }

    @Override
    public void end() {
        bodyEnded = true;
        cancelTimer();
        if (over) {
            return;
        }
        if (reply != null) {
            endReply(reply);
        } else {
            fail(errorFault());
        }
    }

    @Override
    public void failed(Fault fault) {
        bodyEnded = true;
        cancelTimer();
        if (over) {
            return;
        }
        if (reply != null && reply.finishing()) {
            endReply(reply);
        } else {
            fail(error == null ? fault : errorFault());
        }
    }

    /** What a vendor's error means; its body may be cut, its status is known. */
    private Fault errorFault() {
        byte[] body = error == null ? new byte[0] : error.toByteArray();
        return target.format().fault(status, headers, body);
    }

    /** Looks whether what was just read ended the answer. */
    private void settle() {
        if (over || reply == null) {
            return;
        }
        if (trial != null && reply.committed()) {
            trial.content();
        }
        Fault fault = reply.fault();
        if (fault != null) {
            fail(fault);
        } else if (reply.finished()) {
            leave();
            owner.completed(this);
            if (!bodyEnded) {
                timer = loop.after(DRAIN_NANOS, this::cancelVendor);
            }
        }
    }

    private void fail(Fault fault) {
        leave();
        cancelVendor();
        owner.failed(this, Unkeyed.of(fault, target.key()));
    }

    /** It has taken longer than a whole call may. */
    void tooLong() {
        if (!over) {
            fail(
                    Fault.network(
                            FaultKind.TIMEOUT,
                            target.provider() + " took longer than a whole call may"));
        }
    }

    /** Nothing comes, and there are others to ask. */
    void hangs() {
        if (!over) {
            fail(Fault.network(FaultKind.TIMEOUT, target.provider() + " hangs"));
        }
    }

    /** Ends the attempt; nobody hears of it any more. */
    void cancel() {
        leave();
        cancelVendor();
    }

    /** From here on nobody hears of it. */
    private void leave() {
        over = true;
        answered();
        cancelTimer();
        if (limit != null) {
            limit.cancel();
        }
        if (patience != null) {
            patience.cancel();
        }
        if (hedge != null) {
            hedge.cancel();
        }
    }

    /** There is no more waiting for the answer's head. */
    private void answered() {
        if (waiting) {
            waiting = false;
            waits.end();
        }
    }

    private void cancelVendor() {
        if (vendor != null) {
            vendor.cancel();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    void pause() {
        if (vendor != null && !over) {
            vendor.pause();
        }
    }

    void resume() {
        if (vendor != null && !over) {
            vendor.resume();
        }
    }

    public Target target() {
        return target;
    }

    @Nullable Trial trial() {
        return trial;
    }

    public UpstreamCall call() {
        return call;
    }

    /** Whether the answer goes through as the vendor writes it. */
    public boolean passed() {
        return passed;
    }

    /** Whether the vendor can't have done anything: it has not got all of the request. */
    boolean undone() {
        return !sent && status == 0;
    }

    public int status() {
        return status;
    }

    /** The vendor's own headers. */
    public Headers headers() {
        return headers;
    }

    /** See {@link dev.pillion.adapters.ReplyTap#place}; 0 where nothing went through. */
    public long place() {
        return reply == null ? 0 : reply.place();
    }

    /** Whether content has been handed on, which costs money however it ends. */
    boolean answering() {
        return reply != null && reply.committed();
    }

    /**
     * Whether the vendor may charge for it: it had the whole request and did not refuse it. One
     * that is left before it answers may have been worked on.
     */
    boolean mayHaveCost() {
        return sent && (status == 0 || status / 100 == 2);
    }

    @Nullable Usage usage() {
        return reply == null ? null : reply.usage();
    }

    @Nullable Stop stop() {
        return reply == null ? null : reply.stop();
    }

    List<Source> sources() {
        return reply == null ? List.of() : List.copyOf(reply.sources());
    }

    /** Gives back what its answer holds in memory. */
    void release() {
        if (reply != null) {
            reply.release();
        }
    }

    long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(loop.nanos() - startedNanos);
    }
}

package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Inflation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a vendor, the last handler of its pipeline. It serves one call at a time, and
 * none before every byte of the answer before it is read; whatever comes while it serves none
 * closes it, so that no call ever reads what was meant for another.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    /** How long an answer may still come when the request could not be sent whole. */
    private static final long LAST_WORD_NANOS = 500_000_000;

    /** What is unpacked before the listener may look whether its client keeps up. */
    private static final int UNPACKED_AT_ONCE_BYTES = 2 * Inflation.PIECE_BYTES;

    /** What is unpacked before others on the loop have their turn. */
    private static final int UNPACKED_A_TURN_BYTES = 512 << 10;

    private enum Phase {
        /** Being set up, or just done with a call and not yet back in the pool. */
        BETWEEN,
        POOLED,
        SENDING,
        WAITING,
        READING,
        CLOSED
    }

    private final Loop loop;
    private final Pool pool;
    private final Channel channel;
    private final Watch watch;
    private final ReplyParser parser = new ReplyParser();
    private final RequestWriter writer;
    private Phase phase = Phase.BETWEEN;
    private @Nullable Call call;
    private @Nullable PackedAnswer packed;
    private @Nullable Throwable trouble;
    private @Nullable Throwable sendTrouble;
    private boolean used;
    private boolean sent;
    private boolean answered;
    private boolean inRead;
    private boolean paused;
    private boolean packedAllIn;
    private boolean handedOn;
    private boolean yielding;
    private boolean closedByTls;

    Connection(Loop loop, Pool pool, Channel channel) {
        this.loop = loop;
        this.pool = pool;
        this.channel = channel;
        this.watch = new Watch(loop, this::expired);
        this.writer = new RequestWriter(channel, this::written);
    }

    /** Whether it has served a call before the present one. */
    boolean used() {
        return used;
    }

    /** What went wrong with it, if anything did. */
    @Nullable Throwable trouble() {
        return trouble;
    }

    /** False when the vendor has closed it, though we may not have been told yet. */
    boolean stands() {
        return phase != Phase.CLOSED && channel.isActive();
    }

    /** Sends the call's request, and serves it from now on. */
    void serve(Call next, ByteSink head, boolean pausedAtStart) {
        call = next;
        phase = Phase.SENDING;
        sent = false;
        answered = false;
        packedAllIn = false;
        handedOn = false;
        parser.expect(next.request().method());
        watch.in(next.idleNanos());
        if (pausedAtStart) {
            pause();
        }
        writer.write(head, next.request().body());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Call now = call;
        if (now != null && writer.writeOn()) {
            watch.in(now.idleNanos());
        }
    }

    /** All of the request is on its way, or some of it could not be sent. */
    private void written(@Nullable Throwable failure) {
        Call now = call;
        if (now == null) {
            return;
        }
        if (failure != null) {
            sendTrouble = failure;
            watch.in(LAST_WORD_NANOS);
            return;
        }
        sent = true;
        if (phase == Phase.SENDING) {
            phase = Phase.WAITING;
            rewatch(now);
        }
        now.sent();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        inRead = true;
        try {
            if (call == null || phase == Phase.CLOSED) {
                abort();
            } else {
                answered = true;
                phase = Phase.READING;
                read(in);
            }
        } finally {
            inRead = false;
            in.release();
        }
    }

    private void read(ByteBuf in) {
        try {
            for (Call now = call; now != null; now = call) {
                switch (parser.next(in)) {
                    case MORE -> {
                        return;
                    }
                    case HEAD -> head(now);
                    case BODY -> piece(now, in);
                    case END -> {
                        // A full buffer may have left more unread, which no other call may see.
                        boolean full = !in.isWritable() && !pool.route().secure();
                        parser.head().closesConnectionIf(in.isReadable() || full || !sent);
                        over(now);
                    }
                }
            }
        } catch (BadReply e) {
            badReply(e);
        } catch (RuntimeException e) {
            defect(e);
        }
    }

    private void head(Call now) throws BadReply {
        ReplyHead head = parser.head();
        packed = PackedAnswer.of(head.coding());
        handedOn = true;
        now.sent();
        now.listener()
                .head(head.status(), packed == null ? head.headersAsStated() : head.headers());
    }

    private void piece(Call now, ByteBuf in) throws BadReply {
        handedOn = true;
        int start = parser.pieceStart();
        int length = parser.pieceLength();
        ByteBuffer piece =
                in.nioBufferCount() == 1
                        ? in.internalNioBuffer(start, length)
                        : in.nioBuffer(start, length);
        if (packed == null) {
            now.listener().body(piece);
        } else {
            packed.take(piece);
            if (!yielding) {
                unpack();
            }
        }
    }

    /**
     * Hands on what can be unpacked, as long as it is wanted and others need not wait for it; true
     * when nothing is left.
     */
    private boolean unpack() throws BadReply {
        int turnBytes = 0;
        int atOnceBytes = 0;
        while (packed != null && !paused) {
            Call now = call;
            ByteBuffer piece = packed.next();
            if (piece == null || now == null) {
                return true;
            }
            turnBytes += piece.remaining();
            atOnceBytes += piece.remaining();
            now.listener().body(piece);
            if (atOnceBytes >= UNPACKED_AT_ONCE_BYTES) {
                atOnceBytes = 0;
                now.listener().readComplete();
            }
            if (turnBytes >= UNPACKED_A_TURN_BYTES) {
                yieldToOthers();
                return false;
            }
        }
        return packed == null;
    }

    private void yieldToOthers() {
        yielding = true;
        channel.config().setAutoRead(false);
        loop.execute(this::unpackHeld);
    }

    private void over(Call now) throws BadReply {
        if (packed != null) {
            packedAllIn = true;
            if (yielding || !unpack() || call == null) {
                return;
            }
            packed.finish();
        }
        detach();
        phase = Phase.BETWEEN;
        used = true;
        watch.off();
        // What has not been read may hold more than the answer; and a paused connection can't tell.
        boolean again = parser.head().keepAlive() && inRead && !paused && channel.isActive();
        if (!again) {
            closeQuietly();
        }
        now.ended();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Call now = call;
        if (now == null) {
            if (phase == Phase.BETWEEN && used) {
                toPool();
            }
        } else if (handedOn) {
            handedOn = false;
            rewatch(now);
            now.listener().readComplete();
        } else if (answered) {
            rewatch(now);
        }
    }

    private void toPool() {
        if (!channel.isActive()) {
            return;
        }
        phase = Phase.POOLED;
        long hint = parser.head().keepAliveSeconds();
        // A second less than the vendor says, so that it isn't closed under a request on its way.
        long hinted = hint < 0 ? Long.MAX_VALUE : Math.max(hint - 1, 0) * 1_000_000_000L;
        watch.in(Math.min(pool.idleNanos(), hinted));
        pool.give(this);
    }

    /** The call wants nothing any more. */
    void abandon() {
        detach();
        abort();
    }

    void pause() {
        paused = true;
        channel.config().setAutoRead(false);
        if (phase != Phase.SENDING) {
            watch.off();
        }
    }

    void resume() {
        Call now = call;
        if (!paused || now == null) {
            return;
        }
        paused = false;
        channel.config().setAutoRead(!yielding);
        if (phase != Phase.SENDING) {
            rewatch(now);
        }
        if (packed != null && !yielding) {
            loop.execute(this::unpackHeld);
        }
    }

    private void unpackHeld() {
        Call now = call;
        if (now == null || packed == null || inRead) {
            return;
        }
        yielding = false;
        try {
            boolean done = unpack();
            if (call != null) {
                channel.config().setAutoRead(!paused && !yielding);
                if (done && packedAllIn) {
                    over(now);
                } else {
                    now.listener().readComplete();
                }
            }
        } catch (BadReply e) {
            badReply(e);
        } catch (RuntimeException e) {
            defect(e);
        }
    }

    private void rewatch(Call now) {
        if (paused) {
            watch.off();
        } else {
            switch (phase) {
                case SENDING, READING -> watch.in(now.idleNanos());
                case WAITING -> watch.in(now.firstByteNanos());
                case BETWEEN, POOLED, CLOSED -> watch.off();
            }
        }
    }

    private void expired() {
        Call now = call;
        if (now == null) {
            closeQuietly();
            return;
        }
        if (sendTrouble != null) {
            abort(); // and lost, when it is closed
            return;
        }
        Fault fault = late(now);
        detach();
        abort();
        now.failed(fault);
    }

    private Fault late(Call now) {
        VendorRequest request = now.request();
        return switch (phase) {
            case SENDING -> Failures.takesNothing(now.target(), request.idle());
            case WAITING -> Failures.noFirstByte(now.target(), request.firstByte());
            case READING, BETWEEN, POOLED, CLOSED ->
                    Failures.silentInAnswer(now.target(), request.idle());
        };
    }

    private void badReply(BadReply e) {
        Call now = call;
        detach();
        abort();
        if (now != null) {
            now.failed(Failures.badAnswer(now.target(), String.valueOf(e.getMessage())));
        }
    }

    /** Whoever listens has thrown: not the vendor's doing, and for the loop's handler to report. */
    private void defect(RuntimeException e) {
        Call now = call;
        detach();
        abort();
        loop.execute(() -> {
            throw e;
        });
        if (now != null) {
            now.failed(Fault.internal("the answer of " + now.target().who() + " met a defect"));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            closedByTls = true;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        trouble = trouble == null ? cause : trouble;
        abort();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        phase = Phase.CLOSED;
        watch.stop();
        pool.gone(this);
        Call now = call;
        if (now != null) {
            lost(now);
        }
    }

    private void lost(Call now) {
        Throwable cause = trouble;
        if (!answered) {
            detach();
            Throwable first = sendTrouble == null ? cause : sendTrouble;
            now.lostUnanswered(this, Failures.lostBeforeAnswer(now.target(), first));
        } else if (cause != null) {
            detach();
            now.failed(Failures.lostInAnswer(now.target(), cause, parser.bodyBytes()));
        } else if (!packedAllIn) {
            cutOrOver(now);
        }
    }

    /** The vendor has closed: the end of such a body, a cut of any other. */
    private void cutOrOver(Call now) {
        try {
            boolean tls = pool.route().secure();
            if (parser.untilClosed() && tls && !closedByTls) {
                throw new BadReply(
                        "closed the connection without closing TLS: the answer may be cut after "
                                + parser.bodyBytes()
                                + " bytes");
            }
            if (parser.closed() == ReplyParser.Step.END) {
                over(now);
            }
        } catch (BadReply e) {
            badReply(e);
        }
    }

    private void detach() {
        call = null;
        writer.stop();
        if (packed != null) {
            packed.close();
            packed = null;
        }
        if (yielding) {
            yielding = false;
            channel.config().setAutoRead(!paused);
        }
    }

    /** Closes in good order: with TLS's own farewell, if it can go out soon. */
    void closeQuietly() {
        phase = Phase.CLOSED;
        watch.stop();
        var _ = channel.close();
    }

    /** Closes at once, past whatever still waits to be written. */
    private void abort() {
        phase = Phase.CLOSED;
        watch.stop();
        closeAtOnce(channel);
    }

    static void closeAtOnce(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            var _ = channel.close();
        } else {
            var _ = first.close();
        }
    }
}

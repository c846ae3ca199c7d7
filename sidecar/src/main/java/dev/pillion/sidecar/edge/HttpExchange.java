package dev.pillion.sidecar.edge;

import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Responder;
import dev.pillion.sidecar.upstream.Loop;
import dev.pillion.sidecar.upstream.NettyLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request: frames it, and writes what belongs to one turn at once. It outlives
 * its exchange harmlessly: whoever keeps it can no longer write into the connection's next one.
 */
final class HttpExchange implements Responder {
    /** A larger body is written slice by slice as the client takes it. */
    private static final int SLICE_BYTES = 64 << 10;

    private enum State {
        /** Nothing is said yet. */
        OPEN,
        STREAMING,
        /** All is said, not all is taken. */
        ENDING,
        OVER
    }

    private final HttpSession session;
    private final Channel channel;
    private final ErrorBody.Refused about;
    private final boolean http11;
    private boolean keepAlive;

    private State state = State.OPEN;
    private boolean gone;
    private boolean handled;
    private HeadWriter.Framing framing = HeadWriter.Framing.NONE;
    private @Nullable ByteBuf head;
    private @Nullable AnswerBody body;
    private byte @Nullable [] rest;
    private int restFrom;
    private boolean flushing;
    private boolean turnedWritable;
    private @Nullable Runnable onGone;
    private @Nullable Runnable onWritable;

    HttpExchange(HttpSession session, ErrorBody.Refused about, boolean http11, boolean keepAlive) {
        this.session = session;
        this.channel = session.channel();
        this.about = about;
        this.http11 = http11;
        this.keepAlive = keepAlive;
    }

    @Override
    public Loop loop() {
        return NettyLoop.of(channel.eventLoop());
    }

    @Override
    public void reply(int status, Headers headers, byte[] whole) {
        if (state != State.OPEN) {
            return;
        }
        state = State.ENDING;
        boolean bodyless = isBodyless(status);
        HeadWriter.Framing framed =
                hasNoLength(status) ? HeadWriter.Framing.NONE : HeadWriter.Framing.LENGTH;
        HeadWriter heads = writeHead(status, headers, framed, whole.length);
        int now = bodyless ? 0 : Math.min(whole.length, SLICE_BYTES);
        ByteBuf first = channel.alloc().ioBuffer(heads.length() + now);
        heads.into(first);
        first.writeBytes(whole, 0, now);
        if (bodyless || now == whole.length) {
            last(first);
            return;
        }
        rest = whole;
        restFrom = now;
        send(first);
        sendRest();
    }

    private HeadWriter writeHead(
            int status, Headers headers, HeadWriter.Framing framed, long bodyBytes) {
        keepAlive = keepAlive && !session.draining();
        HeadWriter heads = session.tools().heads();
        int known = status >= 200 && status <= 999 ? status : 500;
        var connection = new HeadWriter.Connection(http11, keepAlive);
        heads.write(known, headers, connection, framed, bodyBytes);
        if (heads.leftOut() > 0) {
            session.edge()
                    .diagnostics()
                    .warn(
                            "request "
                                    + about.requestId()
                                    + ": headers left out of the answer, not valid in HTTP: "
                                    + heads.leftOut());
        }
        return heads;
    }

    private boolean isBodyless(int status) {
        return about.method().equals("HEAD") || hasNoLength(status);
    }

    private static boolean hasNoLength(int status) {
        return status == 204 || status == 304;
    }

    @Override
    public void head(int status, Headers headers, long bodyBytes) {
        if (state != State.OPEN) {
            return;
        }
        state = State.STREAMING;
        if (isBodyless(status)) {
            boolean stated = bodyBytes >= 0 && !hasNoLength(status);
            framing = stated ? HeadWriter.Framing.LENGTH : HeadWriter.Framing.NONE;
        } else if (bodyBytes >= 0) {
            framing = HeadWriter.Framing.LENGTH;
            body = new AnswerBody(channel.alloc(), false);
        } else {
            framing = http11 ? HeadWriter.Framing.CHUNKED : HeadWriter.Framing.CLOSE;
            keepAlive = keepAlive && http11;
            body = new AnswerBody(channel.alloc(), http11);
        }
        HeadWriter heads = writeHead(status, headers, framing, bodyBytes);
        ByteBuf buffer = channel.alloc().ioBuffer(heads.length());
        heads.into(buffer);
        head = buffer;
    }

    @Override
    public void write(ByteBuffer piece) {
        if (state == State.STREAMING && body != null) {
            body.write(piece);
        }
    }

    @Override
    public void flush() {
        if (state != State.STREAMING) {
            return;
        }
        ByteBuf toSend = takeBody(false);
        ByteBuf before = takeHead();
        if (before != null && toSend != null) {
            write(before);
            send(toSend);
        } else if (before != null) {
            send(before);
        } else if (toSend != null) {
            send(toSend);
        }
    }

    @Override
    public void finish() {
        if (state != State.STREAMING) {
            return;
        }
        state = State.ENDING;
        end(true);
    }

    @Override
    public void cut() {
        if (state != State.OPEN && state != State.STREAMING) {
            return;
        }
        state = State.ENDING;
        keepAlive = false;
        if (framing == HeadWriter.Framing.CLOSE && session.isTcp()) {
            // the end of the connection is the end of this body: only a reset tells a cut
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        end(false);
    }

    private void end(boolean complete) {
        ByteBuf toSend = takeBody(complete);
        ByteBuf before = takeHead();
        if (before != null) {
            write(before);
        }
        last(toSend == null ? Unpooled.EMPTY_BUFFER : toSend);
    }

    private @Nullable ByteBuf takeHead() {
        ByteBuf taken = head;
        head = null;
        return taken;
    }

    private @Nullable ByteBuf takeBody(boolean complete) {
        return body == null ? null : body.take(complete);
    }

    private void write(ByteBuf buffer) {
        var _ = channel.write(buffer, channel.voidPromise());
    }

    private void send(ByteBuf buffer) {
        flushing = true;
        var _ = channel.writeAndFlush(buffer, channel.voidPromise());
        flushing = false;
        session.flushed();
        if (turnedWritable) {
            turnedWritable = false;
            runOnWritable();
        }
    }

    /** The answer's last bytes: the exchange is over when the socket has taken them. */
    private void last(ByteBuf buffer) {
        ChannelFuture written = channel.writeAndFlush(buffer);
        session.flushed();
        if (written.isDone()) {
            written(written);
        } else {
            var _ = written.addListener(_ -> written(written));
        }
    }

    private void written(ChannelFuture future) {
        if (state != State.ENDING) {
            return;
        }
        if (!future.isSuccess()) {
            session.closeNow();
            return;
        }
        state = State.OVER;
        session.over(keepAlive);
    }

    private void sendRest() {
        byte[] whole = rest;
        while (whole != null && state == State.ENDING && channel.isWritable()) {
            int count = Math.min(SLICE_BYTES, whole.length - restFrom);
            ByteBuf slice = channel.alloc().ioBuffer(count);
            slice.writeBytes(whole, restFrom, count);
            restFrom += count;
            if (restFrom == whole.length) {
                rest = null;
                last(slice);
                return;
            }
            send(slice);
        }
    }

    @Override
    public long pendingBytes() {
        ByteBuf waitingHead = head;
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return waitingBytes()
                + (waitingHead == null ? 0 : waitingHead.readableBytes())
                + (outbound == null ? 0 : outbound.totalPendingWriteBytes());
    }

    private int waitingBytes() {
        return body == null ? 0 : body.waitingBytes();
    }

    @Override
    public boolean writable() {
        return state.compareTo(State.ENDING) < 0
                && channel.isWritable()
                && waitingBytes() < HttpSession.HIGH_WATER_BYTES;
    }

    @Override
    public void onGone(Runnable task) {
        if (gone) {
            guarded(task);
        } else {
            onGone = task;
        }
    }

    @Override
    public void onWritable(Runnable task) {
        onWritable = task;
    }

    /** The channel can take more; while we write, that waits until we are done. */
    void becameWritable() {
        if (rest != null) {
            if (!flushing) {
                sendRest();
            }
        } else if (flushing) {
            turnedWritable = true;
        } else {
            runOnWritable();
        }
    }

    private void runOnWritable() {
        Runnable task = onWritable;
        if (task != null && state.compareTo(State.ENDING) < 0 && writable()) {
            guarded(task);
        }
    }

    /** From now on a handler answers, and tells of the request's end. */
    void handled() {
        handled = true;
    }

    /** The connection is no more. */
    void connectionGone() {
        boolean unfinished = state == State.OPEN || state == State.STREAMING;
        state = State.OVER;
        ByteBuf unsent = takeHead();
        if (unsent != null) {
            unsent.release();
        }
        if (body != null) {
            body.release();
            body = null;
        }
        rest = null;
        gone = unfinished;
        Runnable task = onGone;
        if (unfinished && task != null) {
            onGone = null;
            guarded(task);
        } else if (unfinished && !handled) {
            session.edge().errors().gone(about);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) { // whatever it is, it ends this exchange and no other
            failed(thrown);
        }
    }

    /** Something threw while it served this exchange. */
    void failed(Throwable thrown) {
        if (thrown instanceof FaultException e && state == State.OPEN) {
            refuse(new EdgeFault(e.fault().kind().status(), e.fault()));
            return;
        }
        session.edge().diagnostics().defect("request " + about.requestId(), thrown);
        if (state == State.OPEN) {
            refuse(EdgeFault.internal());
        } else {
            cut();
        }
    }

    /** Answers with the fault in the surface's shape. */
    void refuse(EdgeFault refused) {
        ErrorBody.Answer answer = ErrorAnswers.of(session.edge(), about, refused);
        reply(answer.status(), answer.headers(), answer.body());
    }
}

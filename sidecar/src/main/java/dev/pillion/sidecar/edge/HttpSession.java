package dev.pillion.sidecar.edge;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Inflation;
import dev.pillion.sidecar.exchange.Inbound;
import dev.pillion.sidecar.exchange.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: one request after the other, one exchange at a time. While one is in
 * flight the connection is still read, so that a client that leaves is noticed at once; what it
 * sends ahead waits here, up to a bound.
 *
 * <p>A client that shuts down its sending side counts as gone: HTTP clients do not do that and
 * wait.
 */
final class HttpSession extends ChannelInboundHandlerAdapter {
    static final int LOW_WATER_BYTES = 16 << 10;
    static final int HIGH_WATER_BYTES = 32 << 10;

    /** How long, and for how much, a refused client is listened to so that it reads the answer. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** What a packed body may unpack to on the loop; the rest of it is left to another thread. */
    private static final int UNPACKED_ON_LOOP_BYTES = 256 << 10;

    private static final long LINGER_BYTES = 4 << 20;
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Fault NO_FAULT = Fault.internal("");

    private enum Phase {
        IDLE,
        HEAD,
        BODY,
        EXCHANGE,
        /** The last answer is out; what still comes is thrown away. */
        LINGER
    }

    private final Edge edge;
    private final DoorSetup setup;
    private final Channel channel;
    private final Edge.Tools tools;
    private final InputBuffer input;
    private final ReadAhead ahead;
    private final RequestReader reader;
    private final Stopwatch time = new Stopwatch();
    private final Watch reading;
    private final StallWatch writing;

    private Phase phase = Phase.IDLE;
    private @Nullable Peer peer;
    private @Nullable HttpExchange exchange;
    private @Nullable Unpacking unpacking;

    private boolean processing;
    private boolean headTimed;
    private boolean lingers;
    private long lingeredBytes;

    /** Made on the channel's loop. */
    HttpSession(Edge edge, DoorSetup setup, Channel channel) {
        this.edge = edge;
        this.setup = setup;
        this.channel = channel;
        this.tools = edge.tools();
        this.input = new InputBuffer(channel);
        EdgeOptions options = edge.options();
        this.ahead = new ReadAhead(channel, edge.bodies(), options.maxQueuedBytes());
        this.reader =
                new RequestReader(
                        tools.parser(),
                        options.maxHeadBytes(),
                        options.maxDiscardBytes(),
                        new BodyCollector(edge.bodies(), setup.maxBodyBytes()));
        this.reading = new Watch(channel.eventLoop(), this::readTimedOut);
        this.writing = new StallWatch(channel, edge.nanos().writeStall(), this::closeNow);
    }

    Channel channel() {
        return channel;
    }

    Edge edge() {
        return edge;
    }

    Edge.Tools tools() {
        return tools;
    }

    /** Whether this connection is to end with the answer under way. */
    boolean draining() {
        return setup.drains() && edge.draining();
    }

    private void count(boolean began) {
        if (!setup.drains()) {
            return;
        }
        if (began) {
            edge.began();
        } else {
            edge.ended();
        }
    }

    boolean isTcp() {
        return channel instanceof SocketChannel;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        boolean welcome = edge.opened(this);
        if (draining()) {
            closeNow();
            return;
        }
        try {
            peer = Peers.of(channel);
        } catch (IOException e) { // it left already
            closeNow();
            return;
        }
        reading.set(edge.nanos().keepAliveIdle());
        if (!welcome) {
            time.turn();
            begin();
            int most = edge.options().maxConnections();
            refuseAndClose(EdgeFault.overloaded("more than " + most + " connections"), true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        switch (phase) {
            case IDLE, HEAD, BODY -> {
                input.add(in);
                time.turn();
                process();
            }
            case EXCHANGE -> readAhead(in);
            case LINGER -> lingered(in);
        }
    }

    private void readAhead(ByteBuf in) {
        if (ahead.tellsOfEnd()) {
            in.release();
            closeNow();
            return;
        }
        int count = in.readableBytes();
        input.add(in);
        ahead.add(count, input.size());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ahead.turnEnds();
    }

    private void lingered(ByteBuf in) {
        lingeredBytes += in.readableBytes();
        in.release();
        if (lingeredBytes > LINGER_BYTES) {
            closeNow();
        }
    }

    /** Goes on with what was read until more is needed, or an exchange is in flight. */
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        while (isReading() && advance()) {
            // each turn of it used what was there
        }
        processing = false;
        input.trim();
        if (phase == Phase.HEAD || phase == Phase.BODY) {
            waitForMore();
        }
    }

    private boolean isReading() {
        return phase == Phase.IDLE || phase == Phase.HEAD || phase == Phase.BODY;
    }

    private void waitForMore() {
        time.pause();
        if (phase == Phase.BODY) {
            reading.set(edge.nanos().bodyIdle());
        } else if (!headTimed) {
            headTimed = true;
            reading.set(edge.nanos().head());
        }
    }

    /** False when more bytes are needed. */
    private boolean advance() {
        if (phase == Phase.IDLE) {
            input.skipBlankLines();
            if (input.isEmpty()) {
                return false;
            }
            begin();
        }
        return switch (reader.read(input.bytes())) {
            case MORE -> false;
            case HEAD -> headRead();
            case WHOLE -> {
                requestRead();
                yield true;
            }
            case FAILED -> {
                unreadable();
                yield false;
            }
        };
    }

    private void begin() {
        phase = Phase.HEAD;
        headTimed = false;
        time.requestBegins();
        count(true);
    }

    private boolean headRead() {
        RequestHead head = reader.head();
        if (head == null) {
            return false;
        }
        phase = Phase.BODY;
        EdgeFault refusal = setup.gate().check(head, peer);
        if (refusal == null && (head.expectContinue() || isHopeless(head))) {
            refusal = reader.body().refusal();
        }
        if (refusal != null) {
            refuseAndClose(refusal, head.hasBody());
            return false;
        }
        if (head.expectContinue() && head.hasBody() && input.isEmpty()) {
            var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
        }
        return true;
    }

    /** Too large even to be read away. */
    private boolean isHopeless(RequestHead head) {
        return head.contentLength() > edge.options().maxDiscardBytes();
    }

    private void unreadable() {
        HeadParser.Failed failure = reader.failure();
        if (failure != null) {
            refuseAndClose(failure.fault(), true);
        }
    }

    private void requestRead() {
        RequestHead head = reader.head();
        if (head == null) {
            return;
        }
        String id = tools.ids().next();
        HttpExchange begun = startExchange(id, head.http11(), head.keepAlive());
        EdgeFault refusal = reader.body().refusal();
        if (refusal != null) {
            begun.refuse(refusal);
            return;
        }
        long now = System.nanoTime();
        if (head.codings().isEmpty()) {
            handle(head, id, begun, now);
        } else {
            unpack(head.codings(), begun, () -> handle(head, id, begun, now));
        }
    }

    /** Hands the exchange to its handler, with the body as it now is. */
    private void handle(RequestHead head, String id, HttpExchange begun, long completeNanos) {
        var inbound =
                new Inbound(
                        id,
                        setup.door(),
                        peer,
                        head.method(),
                        head.path(),
                        head.query(),
                        head.headers(),
                        reader.body().whole(),
                        time.beganNanos(),
                        time.busyNanos(completeNanos),
                        completeNanos);
        begun.handled();
        try {
            setup.handler().handle(inbound, begun);
        } catch (Throwable thrown) { // whatever it is, it ends this exchange and no other
            begun.failed(thrown);
        }
    }

    /** Makes a packed body plain, and then goes on: at once if that takes the loop little time. */
    private void unpack(List<Inflation.Coding> codings, HttpExchange begun, Runnable next) {
        Unpacking plain = reader.body().unpacking(codings);
        if (plain.run(UNPACKED_ON_LOOP_BYTES)) {
            unpacked(plain, begun, next);
            return;
        }
        unpacking = plain;
        plain.runElsewhere(channel.eventLoop(), () -> unpacked(plain, begun, next), begun::failed);
    }

    private void unpacked(Unpacking plain, HttpExchange begun, Runnable next) {
        unpacking = null;
        if (exchange != begun) { // the client has left
            plain.release();
            return;
        }
        reader.body().unpacked(plain);
        EdgeFault refusal = plain.refusal();
        if (refusal == null) {
            next.run();
        } else {
            begun.refuse(refusal);
        }
    }

    private HttpExchange startExchange(String id, boolean http11, boolean keepAlive) {
        phase = Phase.EXCHANGE;
        reading.clear();
        HttpExchange begun = new HttpExchange(this, about(id), http11, keepAlive);
        exchange = begun;
        return begun;
    }

    private ErrorBody.Refused about(String id) {
        RequestReader.Known known = reader.known(input.bytes());
        return new ErrorBody.Refused(
                id,
                setup.door(),
                known.method(),
                known.path(),
                known.headers(),
                peer,
                time.beganNanos(),
                0,
                NO_FAULT);
    }

    /** Answers whatever is known of the request; {@code unread}: more of it may still come. */
    private void refuseAndClose(EdgeFault fault, boolean unread) {
        lingers = unread;
        startExchange(tools.ids().next(), true, false).refuse(fault);
    }

    /** The answer is with the socket; on to the next request, or the end. */
    void over(boolean keepAlive) {
        exchange = null;
        reader.reset();
        ahead.resume();
        count(false);
        phase = Phase.IDLE;
        if (!keepAlive || draining()) {
            close();
            return;
        }
        reading.set(edge.nanos().keepAliveIdle());
        if (!input.isEmpty()) {
            time.turn();
            process();
        }
    }

    /**
     * Where the client may still be sending, closing at once would reset the connection, and the
     * answer be lost with it.
     */
    private void close() {
        if (!lingers && input.isEmpty()) {
            closeNow();
            return;
        }
        phase = Phase.LINGER;
        input.clear();
        reading.set(LINGER_NANOS);
        channel.config().setAutoRead(true);
        var _ = ((DuplexChannel) channel).shutdownOutput();
    }

    /** From any thread. */
    void closeNow() {
        var _ = channel.close();
    }

    /** From any thread: closes if nothing is under way; else the answer under way closes. */
    void drain() {
        if (!setup.drains()) {
            return;
        }
        channel.eventLoop()
                .execute(() -> {
                    if (phase == Phase.IDLE) {
                        closeNow();
                    }
                });
    }

    private void readTimedOut() {
        switch (phase) {
            case IDLE, LINGER -> closeNow();
            case HEAD -> tooSlow(edge.options().headTimeout().toSeconds(), "headers");
            case BODY -> tooSlow(edge.options().bodyIdleTimeout().toSeconds(), "body");
            case EXCHANGE -> {}
        }
    }

    private void tooSlow(long seconds, String what) {
        refuseAndClose(
                EdgeFault.tooSlow(
                        "the request's " + what + " did not come within " + seconds + " s"),
                true);
    }

    /** To be told after each write. */
    void flushed() {
        writing.written();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        HttpExchange current = exchange;
        if (current != null && channel.isWritable()) {
            current.becameWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        reading.close();
        writing.close();
        edge.closed(this);
        boolean underWay = phase == Phase.HEAD || phase == Phase.BODY || phase == Phase.EXCHANGE;
        if (phase == Phase.BODY) {
            edge.errors().gone(about(tools.ids().next()));
        }
        phase = Phase.LINGER;
        input.clear();
        HttpExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.connectionGone();
        }
        Unpacking left = unpacking;
        if (left != null) {
            left.cancel();
        }
        reader.reset();
        ahead.giveBack();
        if (underWay) {
            count(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            edge.diagnostics().defect("a connection", cause);
        }
        closeNow();
    }
}

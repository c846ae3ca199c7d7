package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.FaultSwitch.Picked;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One connection to a simulated vendor: gathers requests, and answers them one after another. */
final class VendorConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final int MAX_BODY_BYTES = 96 << 20;
    private static final int MAX_WAITING = 64;

    /** A request that is gathered. */
    private record Waiting(Ask ask, boolean keepAlive) {}

    private final SimulatedVendor vendor;
    private final FaultSwitch faults;
    private final RequestLog log;
    private final AdminRoutes admin;
    private final long delayMillis;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private long number;
    private @Nullable HttpRequest head;
    private @Nullable ReplyPump pump;

    VendorConnection(SimulatedVendor vendor, FaultSwitch faults, RequestLog log, long delayMillis) {
        this.vendor = vendor;
        this.faults = faults;
        this.log = log;
        this.admin = new AdminRoutes(faults, log);
        this.delayMillis = delayMillis;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        number = log.connected();
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        log.disconnected();
        if (pump != null) {
            pump.abandoned();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (pump != null && ctx.channel().isWritable()) {
            pump.run();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            refuse(ctx, 400);
            return;
        }
        if (part instanceof HttpRequest request) {
            head = request;
            body.reset();
            if (HttpUtil.is100ContinueExpected(request)) {
                var go = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(go));
            }
        }
        if (part instanceof HttpContent content) {
            gather(ctx, content);
        }
    }

    private void gather(ChannelHandlerContext ctx, HttpContent content) {
        var request = head;
        if (request == null) {
            return;
        }
        try {
            content.content().readBytes(body, content.content().readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (body.size() > MAX_BODY_BYTES || waiting.size() >= MAX_WAITING) {
            refuse(ctx, 413);
        } else if (content instanceof LastHttpContent) {
            head = null;
            waiting.add(new Waiting(ask(request, 0), HttpUtil.isKeepAlive(request)));
            next(ctx);
        }
    }

    /** For what is no request of the vendor's format at all: a bare status, and the end. */
    private void refuse(ChannelHandlerContext ctx, int status) {
        head = null;
        var bare =
                "HTTP/1.1 " + status + " Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        ctx.writeAndFlush(Unpooled.wrappedBuffer(bare.getBytes(StandardCharsets.US_ASCII)))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private Ask ask(HttpRequest request, int hugeBytes) {
        var uri = request.uri();
        int mark = uri.indexOf('?');
        return new Ask(
                request.method().name(),
                mark < 0 ? uri : uri.substring(0, mark),
                mark < 0 ? "" : uri.substring(mark + 1),
                headers(request),
                body.toByteArray(),
                hugeBytes);
    }

    private static Map<String, String> headers(HttpRequest request) {
        var headers = new LinkedHashMap<String, String>();
        for (var entry : request.headers()) {
            var name = entry.getKey().toLowerCase(Locale.ROOT);
            headers.merge(name, entry.getValue(), (first, second) -> first + "," + second);
        }
        headers.remove(HttpHeaderNames.CONTENT_ENCODING.toString());
        return headers;
    }

    private void next(ChannelHandlerContext ctx) {
        if (pump != null || waiting.isEmpty()) {
            return;
        }
        var request = waiting.remove();
        var administered = admin.answer(request.ask());
        var picked = administered == null ? faults.pick(request.ask().path()) : Picked.NOTHING;
        var seen = new SeenRequest(request.ask(), number, picked.main());
        if (administered == null) {
            log.arrived(seen);
        }
        var reply = administered != null ? administered : reply(request.ask(), picked);
        var steps = ReplyScript.of(reply, vendor, picked, request.keepAlive(), delayMillis);
        pump =
                new ReplyPump(
                        ctx,
                        steps,
                        seen,
                        log,
                        () -> {
                            pump = null;
                            next(ctx);
                        });
        pump.run();
    }

    private Reply reply(Ask ask, Picked picked) {
        return switch (picked.main()) {
            case Misbehaviour.Status status -> Misfortunes.status(vendor, status);
            case Misbehaviour.PromptTooLong _ -> vendor.error(vendor.promptTooLong());
            case Misbehaviour.Huge(int megabytes) -> vendor.answer(ask.huge(megabytes << 20));
            case Misbehaviour.ErrorEvent(_, int status) -> {
                var reply = vendor.answer(ask);
                yield reply instanceof Reply.Events
                        ? reply
                        : vendor.error(vendor.usualError(status));
            }
            case null, default -> vendor.answer(ask);
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Mostly the client's doing: it resets connections when it has had enough.
        log.troubled(cause);
        var _ = ctx.close();
    }
}

package dev.pillion.sidecar.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for a tunnel (CONNECT, RFC 9110, 9.3.6), and leaves the pipeline when it has one.
 */
final class ProxyTunnel extends ChannelInboundHandlerAdapter {
    private final Route route;
    private final Proxy proxy;
    private final Consumer<@Nullable String> outcome;
    private final ReplyParser parser = new ReplyParser();

    /**
     * A tunnel to come.
     *
     * @param outcome hears null when the tunnel stands, else what the proxy did
     */
    ProxyTunnel(Route route, Proxy proxy, Consumer<@Nullable String> outcome) {
        this.route = route;
        this.proxy = proxy;
        this.outcome = outcome;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        String target = route.hostAndPort();
        var text = new StringBuilder("CONNECT ").append(target).append(" HTTP/1.1\r\nhost: ");
        text.append(target).append("\r\n");
        if (proxy.authorization() != null) {
            text.append("proxy-authorization: ").append(proxy.authorization()).append("\r\n");
        }
        parser.expect("CONNECT");
        var _ = ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), text.append("\r\n")));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (parser.next(in) != ReplyParser.Step.HEAD) {
                return;
            }
            if (parser.status() / 100 != 2) {
                outcome.accept("answered CONNECT with " + described(parser.status()));
                return;
            }
            outcome.accept(null);
            if (in.isReadable()) {
                ctx.fireChannelRead(in.retain());
            }
            ctx.pipeline().remove(this);
        } catch (BadReply e) {
            outcome.accept(e.getMessage());
        } finally {
            in.release();
        }
    }

    private static String described(int status) {
        String phrase = HttpResponseStatus.valueOf(status).reasonPhrase().toLowerCase(Locale.ROOT);
        return status + " (" + phrase + ")";
    }
}

package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.telemetry.Diagnostics;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a listener alive when a connection can't be accepted (no file descriptors left, most
 * often): pauses shortly instead of spinning, and says so once in a while.
 */
@Sharable
final class AcceptErrors extends ChannelInboundHandlerAdapter {
    private static final long PAUSE_MILLIS = 100;
    private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Diagnostics diagnostics;
    private long saidNanos = System.nanoTime() - SAY_NANOS;

    AcceptErrors(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        long now = System.nanoTime();
        if (now - saidNanos >= SAY_NANOS) {
            saidNanos = now;
            diagnostics.warn("cannot accept a connection: " + Reasons.of(cause));
        }
        var config = ctx.channel().config();
        config.setAutoRead(false);
        var _ =
                ctx.executor()
                        .schedule(
                                () -> config.setAutoRead(true),
                                PAUSE_MILLIS,
                                TimeUnit.MILLISECONDS);
    }
}

package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.SeenRequest.Outcome;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Carries out the steps of one answer, as fast as the client reads. On the event loop only. */
final class ReplyPump {
    private final ChannelHandlerContext ctx;
    private final Iterator<Step> steps;
    private final SeenRequest request;
    private final RequestLog log;
    private final Runnable whenDone;
    private boolean paused;
    private boolean over;

    ReplyPump(
            ChannelHandlerContext ctx,
            List<Step> steps,
            SeenRequest request,
            RequestLog log,
            Runnable whenDone) {
        this.ctx = ctx;
        this.steps = steps.iterator();
        this.request = request;
        this.log = log;
        this.whenDone = whenDone;
    }

    /** Goes on until there is nothing to do, the client is slow, or a pause begins. */
    void run() {
        while (!over && !paused && ctx.channel().isWritable() && steps.hasNext()) {
            step(steps.next());
        }
        ctx.flush();
    }

    /** The client went away. */
    void abandoned() {
        over = true;
        log.ended(request, Outcome.CANCELLED);
    }

    private void step(Step step) {
        switch (step) {
            case Step.Send send -> send(send);
            case Step.Pause(long millis) -> pause(millis);
            case Step.Hang _ -> paused = true;
            case Step.Close _ -> close();
            case Step.Reset _ -> reset();
            case Step.Done(boolean keepAlive) -> done(keepAlive);
        }
    }

    private void send(Step.Send send) {
        int size = send.bytes().length;
        ctx.write(Unpooled.wrappedBuffer(send.bytes()))
                .addListener(future -> {
                    if (future.isSuccess()) {
                        request.sent(size);
                    }
                });
        if (send.flush()) {
            ctx.flush();
        }
    }

    private void pause(long millis) {
        paused = true;
        ctx.flush();
        var _ = ctx.executor().schedule(this::resume, millis, TimeUnit.MILLISECONDS);
    }

    private void resume() {
        paused = false;
        run();
    }

    private void close() {
        over = true;
        log.ended(request, Outcome.BROKEN);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void reset() {
        over = true;
        log.ended(request, Outcome.BROKEN);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> {
                    // Closing with linger 0 sends RST in place of FIN.
                    ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                    var _ = ctx.close();
                });
    }

    private void done(boolean keepAlive) {
        over = true;
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(future -> {
                    log.ended(request, future.isSuccess() ? Outcome.ANSWERED : Outcome.CANCELLED);
                    if (keepAlive) {
                        whenDone.run();
                    } else {
                        var _ = ctx.close();
                    }
                });
    }
}

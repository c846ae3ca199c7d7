package dev.pillion.sidecar.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Notices a client that takes nothing, for a while, of what waits for it. Used on its loop only.
 */
final class StallWatch {
    private final Channel channel;
    private final long patienceNanos;
    private final Runnable onStall;
    private final Watch watch;

    /** What the socket was to take next when last looked at: it is the same one while it stalls. */
    private @Nullable Object next;

    private long takenOfNext;

    StallWatch(Channel channel, long patienceNanos, Runnable onStall) {
        this.channel = channel;
        this.patienceNanos = patienceNanos;
        this.onStall = onStall;
        this.watch = new Watch(channel.eventLoop(), this::look);
    }

    /** To be told after each write. */
    void written() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (outbound != null && !outbound.isEmpty() && !watch.isSet()) {
            remember(outbound);
        }
    }

    private void remember(ChannelOutboundBuffer outbound) {
        next = outbound.current();
        takenOfNext = outbound.currentProgress();
        watch.set(patienceNanos);
    }

    private void look() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (outbound == null || outbound.isEmpty()) {
            next = null;
        } else if (isSame(outbound)) {
            onStall.run();
        } else {
            remember(outbound);
        }
    }

    @SuppressWarnings("ReferenceEquality") // two buffers of equal bytes are not the same one
    private boolean isSame(ChannelOutboundBuffer outbound) {
        return outbound.current() == next && outbound.currentProgress() == takenOfNext;
    }

    void close() {
        watch.close();
        next = null;
    }
}

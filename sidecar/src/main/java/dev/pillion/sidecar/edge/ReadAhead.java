package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.upstream.ByteBudget;
import io.netty.channel.Channel;

/**
 * Bounds what is read of a connection while its exchange is in flight: reading goes on, so that a
 * client that leaves is noticed, until a bound of bytes or of the daemon's budget is met. Beyond it
 * only what reaches this machine tells: an end that waits in the client's own send buffer, behind
 * bytes we do not take, does not.
 */
final class ReadAhead {
    private final Channel channel;
    private final ByteBudget budget;
    private final int maxBytes;

    private long takenBytes;
    private boolean pausing;
    private boolean paused;

    ReadAhead(Channel channel, ByteBudget budget, int maxBytes) {
        this.channel = channel;
        this.budget = budget;
        this.maxBytes = maxBytes;
    }

    /**
     * Whether the client is gone: against our wish the loop reads only when the client has shut
     * down its side (EPOLLRDHUP), and closes only after all of it is read.
     */
    boolean tellsOfEnd() {
        return paused;
    }

    /** Counts bytes just read; {@code heldBytes} are held in all. */
    void add(int bytes, int heldBytes) {
        boolean granted = budget.take(bytes);
        takenBytes += granted ? bytes : 0;
        if (!granted || heldBytes > maxBytes) {
            pausing = true;
            channel.config().setAutoRead(false);
        }
    }

    /** All that came in one turn is read: what still comes now is not asked for. */
    void turnEnds() {
        paused = pausing;
    }

    /** The exchange is over, and what was read ahead is next. */
    void resume() {
        giveBack();
        if (pausing) {
            pausing = false;
            paused = false;
            channel.config().setAutoRead(true);
        }
    }

    void giveBack() {
        if (takenBytes > 0) {
            budget.giveBack(takenBytes);
            takenBytes = 0;
        }
    }
}

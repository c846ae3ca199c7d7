package dev.pillion.sidecar.upstream;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections by one route. The connection used last is handed out first, so that those
 * not needed grow old and go. Only the counters may be read from other threads.
 */
final class Pool {
    private final Route route;
    private final VendorOptions options;
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final Set<Connection> standing = new HashSet<>();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong reused = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();

    Pool(Route route, VendorOptions options) {
        this.route = route;
        this.options = options;
    }

    Route route() {
        return route;
    }

    long idleNanos() {
        return options.poolIdle().toNanos();
    }

    int maxOpen() {
        return options.maxOpenPerOrigin();
    }

    /** An idle connection, now the taker's own; null when there is none. */
    @Nullable Connection take() {
        Connection connection = idle.pollFirst();
        while (connection != null && !connection.stands()) {
            connection = idle.pollFirst();
        }
        waiting.setRelease(idle.size());
        if (connection != null) {
            reused.setRelease(reused.getPlain() + 1);
        }
        return connection;
    }

    /** Room for one more connection; false at the limit. Whoever took it gives it back. */
    boolean takeRoom() {
        long now = open.getPlain();
        if (now >= options.maxOpenPerOrigin()) {
            return false;
        }
        open.setRelease(now + 1);
        return true;
    }

    void giveRoomBack() {
        open.setRelease(open.getPlain() - 1);
    }

    /** A connection stands; the room taken for it is its own from now on. */
    void stands(Connection connection) {
        standing.add(connection);
        opened.setRelease(opened.getPlain() + 1);
    }

    /** The connection has nothing to do. */
    void give(Connection connection) {
        idle.addFirst(connection);
        if (idle.size() > options.maxIdlePerOrigin()) {
            idle.removeLast().closeQuietly();
        }
        waiting.setRelease(idle.size());
    }

    /** The connection is gone. */
    void gone(Connection connection) {
        if (standing.remove(connection)) {
            giveRoomBack();
            if (idle.remove(connection)) {
                waiting.setRelease(idle.size());
            }
        }
    }

    void close() {
        for (Connection connection : List.copyOf(standing)) {
            connection.closeQuietly();
        }
    }

    /** Whether it can be forgotten. */
    boolean isEmpty() {
        return open.getPlain() == 0;
    }

    OriginCounts counts() {
        return new OriginCounts(
                route.toString(),
                opened.getAcquire(),
                reused.getAcquire(),
                open.getAcquire(),
                waiting.getAcquire());
    }
}

package dev.pillion.sidecar.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.SeenRequest.Outcome;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated vendor saw: counts since the start, and the latest 2,000 requests. Safe for all
 * threads; a test waits on it and need not poll.
 */
public final class RequestLog {
    private static final int MAX_KEPT = 2_000;

    private final Deque<SeenRequest> kept = new ArrayDeque<>();
    private long requests;
    private long connections;
    private long openConnections;
    private long cancelled;
    private @Nullable String trouble;

    RequestLog() {}

    synchronized long connected() {
        openConnections++;
        connections++;
        notifyAll();
        return connections;
    }

    synchronized void disconnected() {
        openConnections--;
        notifyAll();
    }

    synchronized void arrived(SeenRequest request) {
        requests++;
        kept.addLast(request);
        if (kept.size() > MAX_KEPT) {
            kept.removeFirst();
        }
        notifyAll();
    }

    synchronized void troubled(Throwable cause) {
        trouble = cause.toString();
        notifyAll();
    }

    synchronized void ended(SeenRequest request, Outcome how) {
        if (request.end(how) && how == Outcome.CANCELLED) {
            cancelled++;
        }
        notifyAll();
    }

    /** The latest requests, oldest first. */
    public synchronized List<SeenRequest> requests() {
        return List.copyOf(kept);
    }

    /** The latest request. */
    public synchronized @Nullable SeenRequest last() {
        return kept.peekLast();
    }

    /** All requests since the start. */
    public synchronized long requestCount() {
        return requests;
    }

    /** Connections accepted since the start. */
    public synchronized long connectionCount() {
        return connections;
    }

    public synchronized long openConnectionCount() {
        return openConnections;
    }

    /** Requests whose client left before their answer was complete. */
    public synchronized long cancelledCount() {
        return cancelled;
    }

    /** What went wrong last on a connection, if anything did. */
    public synchronized @Nullable String trouble() {
        return trouble;
    }

    /** Forgets the requests; counts of connections go on. */
    public synchronized void clear() {
        kept.clear();
        requests = 0;
        cancelled = 0;
        notifyAll();
    }

    /**
     * Waits until the log fulfils a condition, which is judged anew at every change.
     *
     * @return whether it did within the time
     */
    public synchronized boolean await(Duration atMost, Predicate<RequestLog> condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.test(this)) {
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }

    /** Counts and the latest 100 requests, without headers and bodies. */
    synchronized ObjectNode json() {
        var json =
                Trees.object()
                        .put("requests", requests)
                        .put("connections", connections)
                        .put("open_connections", openConnections)
                        .put("cancelled", cancelled)
                        .put("trouble", trouble);
        var latest = json.putArray("latest");
        kept.stream()
                .skip(Math.max(0, kept.size() - 100))
                .forEach(request ->
                        latest.addObject()
                                .put("method", request.method())
                                .put("path", request.path())
                                .put("connection", request.connection())
                                .put("body_bytes", request.bodyBytes())
                                .put("sent_bytes", request.sentBytes())
                                .put("outcome", request.outcome().name())
                                .put("millis", request.age().toMillis()));
        return json;
    }
}

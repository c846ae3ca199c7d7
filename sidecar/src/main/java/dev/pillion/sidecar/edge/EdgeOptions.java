package dev.pillion.sidecar.edge;

import java.time.Duration;

/**
 * The limits of the listeners.
 *
 * @param maxConnections all listeners together; beyond it a new one is answered 503 and closed
 * @param maxHeadBytes request line and headers together
 * @param maxHeadFields number of headers
 * @param maxBodyBytes what a handler gets to see at most
 * @param maxDiscardBytes how much of a refused body is read away to keep the connection usable
 * @param maxQueuedBytes read ahead of a connection while its exchange is in flight
 * @param headTimeout from the first byte of a request to the end of its headers
 * @param bodyIdleTimeout between two reads of a body
 * @param keepAliveIdle between two requests, and before the first
 * @param writeStall how long a client may take nothing of an answer that waits for it
 */
public record EdgeOptions(
        int maxConnections,
        int maxHeadBytes,
        int maxHeadFields,
        int maxBodyBytes,
        long maxDiscardBytes,
        int maxQueuedBytes,
        Duration headTimeout,
        Duration bodyIdleTimeout,
        Duration keepAliveIdle,
        Duration writeStall) {

    public static final EdgeOptions DEFAULTS =
            new EdgeOptions(
                    4096,
                    32 << 10,
                    200,
                    32 << 20,
                    64 << 20,
                    1 << 20,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(300),
                    Duration.ofSeconds(60));

    public EdgeOptions {
        positive("maxConnections", maxConnections);
        positive("maxHeadBytes", maxHeadBytes);
        positive("maxHeadFields", maxHeadFields);
        positive("maxBodyBytes", maxBodyBytes);
        positive("maxDiscardBytes", maxDiscardBytes);
        positive("maxQueuedBytes", maxQueuedBytes);
        positive("headTimeout", headTimeout.toNanos());
        positive("bodyIdleTimeout", bodyIdleTimeout.toNanos());
        positive("keepAliveIdle", keepAliveIdle.toNanos());
        positive("writeStall", writeStall.toNanos());
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }

    public EdgeOptions withMaxBodyBytes(int bytes) {
        return new EdgeOptions(
                maxConnections,
                maxHeadBytes,
                maxHeadFields,
                bytes,
                Math.max(maxDiscardBytes, 2L * bytes),
                maxQueuedBytes,
                headTimeout,
                bodyIdleTimeout,
                keepAliveIdle,
                writeStall);
    }

    public EdgeOptions withMaxHeadBytes(int bytes) {
        return new EdgeOptions(
                maxConnections,
                bytes,
                maxHeadFields,
                maxBodyBytes,
                maxDiscardBytes,
                maxQueuedBytes,
                headTimeout,
                bodyIdleTimeout,
                keepAliveIdle,
                writeStall);
    }

    public EdgeOptions withMaxQueuedBytes(int bytes) {
        return new EdgeOptions(
                maxConnections,
                maxHeadBytes,
                maxHeadFields,
                maxBodyBytes,
                maxDiscardBytes,
                bytes,
                headTimeout,
                bodyIdleTimeout,
                keepAliveIdle,
                writeStall);
    }

    public EdgeOptions withMaxConnections(int connections) {
        return new EdgeOptions(
                connections,
                maxHeadBytes,
                maxHeadFields,
                maxBodyBytes,
                maxDiscardBytes,
                maxQueuedBytes,
                headTimeout,
                bodyIdleTimeout,
                keepAliveIdle,
                writeStall);
    }

    public EdgeOptions withTimeouts(
            Duration head, Duration bodyIdle, Duration idle, Duration stall) {
        return new EdgeOptions(
                maxConnections,
                maxHeadBytes,
                maxHeadFields,
                maxBodyBytes,
                maxDiscardBytes,
                maxQueuedBytes,
                head,
                bodyIdle,
                idle,
                stall);
    }
}

package dev.pillion.sidecar.edge;

/** Takes the time that reading a request costs us, waits for the client left out. */
final class Stopwatch {
    private long turnNanos;
    private long beganNanos;
    private long busyNanos;

    /** Bytes are there to be used. */
    void turn() {
        turnNanos = System.nanoTime();
    }

    /** This turn holds the first byte of a request; one sent ahead begins when it is taken up. */
    void requestBegins() {
        beganNanos = turnNanos;
        busyNanos = 0;
    }

    /** All bytes are used; the client is to send more. */
    void pause() {
        busyNanos += System.nanoTime() - turnNanos;
    }

    long beganNanos() {
        return beganNanos;
    }

    /** Up to now, within a turn. */
    long busyNanos(long nowNanos) {
        return busyNanos + nowNanos - turnNanos;
    }
}

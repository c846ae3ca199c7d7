package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.kit.Ask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A request that a simulated vendor got, and what became of it. Times are of the same clock. */
public final class SeenRequest {
    private static final int MAX_KEPT_BODY_BYTES = 1 << 20;

    /** What became of a request. */
    public enum Outcome {
        /** Still being answered, or left hanging on purpose. */
        OPEN,
        ANSWERED,
        /** The client closed its connection before the answer was complete. */
        CANCELLED,
        /** The vendor broke off, on purpose. */
        BROKEN
    }

    private final Ask ask;
    private final long connection;
    private final byte[] body;
    private final int bodyBytes;
    private final long arrivedNanos = System.nanoTime();
    private final @Nullable Misbehaviour misbehaviour;
    private volatile Outcome outcome = Outcome.OPEN;
    private volatile long endedNanos;
    private final AtomicLong sentBytes = new AtomicLong();

    SeenRequest(Ask ask, long connection, @Nullable Misbehaviour misbehaviour) {
        this.ask = ask;
        this.connection = connection;
        this.misbehaviour = misbehaviour;
        this.body = ask.body().length > MAX_KEPT_BODY_BYTES ? new byte[0] : ask.body();
        this.bodyBytes = ask.body().length;
    }

    public String method() {
        return ask.method();
    }

    public String path() {
        return ask.path();
    }

    public String query() {
        return ask.query();
    }

    /** A header's value, empty where it is absent; the name in lower case. */
    public String header(String name) {
        return ask.header(name);
    }

    /** All headers, names in lower case. */
    public Map<String, String> headers() {
        return ask.headers();
    }

    /** The body as text; empty if it was larger than 1 MiB. */
    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public int bodyBytes() {
        return bodyBytes;
    }

    /** Which connection it came on, counted from 1. */
    public long connection() {
        return connection;
    }

    /** What was done wrong with it. */
    public @Nullable Misbehaviour misbehaviour() {
        return misbehaviour;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Bytes of the answer that the socket has taken so far. */
    public long sentBytes() {
        return sentBytes.get();
    }

    /** {@link System#nanoTime} of its last byte. */
    public long arrivedNanos() {
        return arrivedNanos;
    }

    /** {@link System#nanoTime} of its end, 0 while it is open. */
    public long endedNanos() {
        return endedNanos;
    }

    /** From its arrival to its end, or to now. */
    public Duration age() {
        long until = outcome == Outcome.OPEN ? System.nanoTime() : endedNanos;
        return Duration.ofNanos(until - arrivedNanos);
    }

    void sent(int bytes) {
        sentBytes.addAndGet(bytes);
    }

    boolean end(Outcome how) {
        if (outcome != Outcome.OPEN) {
            return false;
        }
        endedNanos = System.nanoTime();
        outcome = how;
        return true;
    }
}

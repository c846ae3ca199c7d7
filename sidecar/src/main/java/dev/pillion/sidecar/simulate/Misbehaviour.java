package dev.pillion.sidecar.simulate;

import dev.pillion.sidecar.simulate.kit.RetryHint;
import java.time.Duration;

/** What a simulated vendor can do wrong with one request. */
public sealed interface Misbehaviour {
    /** A status with the vendor's own error body; {@code html}: a proxy's page in its place. */
    record Status(int status, RetryHint hint, Duration delay, boolean html)
            implements Misbehaviour {
        public Status(int status) {
            this(status, RetryHint.NONE, Duration.ZERO, false);
        }
    }

    /** 400 for a prompt beyond the model's window. */
    record PromptTooLong() implements Misbehaviour {}

    /**
     * Inside a stream of status 200, the error of this status in place of further events; after 0
     * events it is the first one. A request without a stream gets the status itself.
     */
    record ErrorEvent(int afterEvents, int status) implements Misbehaviour {}

    /**
     * The answer breaks off.
     *
     * @param afterEvents −1: before the header; 0: after it; otherwise after so many events, or in
     *     the middle of a body that is no stream
     */
    record Break(int afterEvents, How how) implements Misbehaviour {}

    /** How an answer breaks off. */
    enum How {
        /** Nothing more comes, and the connection stays. */
        HANG,
        /** The connection is closed by FIN, within the body. */
        CLOSE,
        RESET,
        /** The HTTP body ends as it should, but the stream's last event never came. */
        END
    }

    /** A content-length that is wrong by so many bytes; too long: the connection closes early. */
    record WrongLength(int extraBytes) implements Misbehaviour {}

    /** A chunked body that closes within a chunk. */
    record TruncatedChunk() implements Misbehaviour {}

    /** Bytes that are no HTTP. */
    record GarbageHttp() implements Misbehaviour {}

    /** Status 200 and a body, or an event, that is no JSON. */
    record GarbageJson() implements Misbehaviour {}

    /** Status 200 and no body at all. */
    record EmptyBody() implements Misbehaviour {}

    /** The body never ends after the last event; {@code terminal}: whether that event comes. */
    record NeverEnds(boolean terminal) implements Misbehaviour {}

    /** An answer whose text has so many megabytes. */
    record Huge(int megabytes) implements Misbehaviour {}

    /** Not wrong, but unusual; any number of these apply together with one of the others. */
    sealed interface Shaping extends Misbehaviour {}

    /** The bytes leave in pieces of this size, whatever they are. */
    record Rechunk(int bytes) implements Shaping {}

    /** So many events leave in one piece. */
    record Bundle(int events) implements Shaping {}

    /** Lines of a stream end in CR LF. */
    record Crlf() implements Shaping {}

    /** A comment line before every event. */
    record Comments() implements Shaping {}

    /** The body is compressed, asked or not. */
    record Gzip() implements Shaping {}

    /** The body says that it is compressed by {@code br}, which was not asked for. */
    record Brotli() implements Shaping {}

    /** So long before every event, and before the header. */
    record Slow(long delayMillis) implements Shaping {}
}

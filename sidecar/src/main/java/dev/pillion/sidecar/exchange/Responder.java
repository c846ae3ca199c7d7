package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.upstream.Loop;
import java.nio.ByteBuffer;

/**
 * The client's end of an exchange: the seam to the edge. Used on its loop only. Either one {@link
 * #reply}, or one {@link #head}, {@link #write}s and one {@link #finish} or {@link #cut}. When the
 * client has gone, everything is without effect.
 */
public interface Responder {

    Loop loop();

    /** A whole answer; framing headers are added. */
    void reply(int status, Headers headers, byte[] body);

    /** Status and headers of an answer whose body follows piece by piece, nobody knows how long. */
    default void head(int status, Headers headers) {
        head(status, headers, -1);
    }

    /**
     * The same, of a body whose length is known.
     *
     * @param bodyBytes how long it will be in all; -1 where nobody knows
     */
    void head(int status, Headers headers, long bodyBytes);

    /** More of the body; the bytes are copied. They go out at the next {@link #flush}. */
    void write(ByteBuffer piece);

    void flush();

    /** The body is complete. */
    void finish();

    /** Closes the connection with the body incomplete, so that the client can see that it is. */
    void cut();

    /** Bytes written and not yet taken by the client's socket. */
    long pendingBytes();

    /** Whether more should be written now. */
    boolean writable();

    /** Runs the task once if the client goes away before the exchange is over. */
    void onGone(Runnable task);

    /** Runs the task each time {@link #writable} becomes true again. */
    void onWritable(Runnable task);
}

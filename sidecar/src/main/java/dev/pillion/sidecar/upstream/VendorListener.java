package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;

/**
 * Hears of one call, on its loop: {@code sent}, {@code head}, {@code body}…, and exactly one of
 * {@code end} and {@code failed} at last; nothing after {@link VendorCall#cancel}.
 */
public interface VendorListener {

    /** The request is written; from here on the time is the vendor's. */
    void sent();

    /** The answer's status and headers; the length that it states, where that is true here. */
    void head(int status, Headers headers);

    /** The next bytes of the answer's body, valid only during the call. */
    void body(ByteBuffer piece);

    /** All that came in one read has been handed on: a good moment to write. */
    void readComplete();

    /** The body ended as its framing says. */
    void end();

    /** The call failed: no connection, a timeout, a cut, nonsense instead of HTTP. */
    void failed(Fault fault);
}

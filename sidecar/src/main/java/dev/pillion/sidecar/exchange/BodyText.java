package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Utf8;
import java.util.Arrays;

/**
 * Holds a body to the one encoding that JSON has on the wire (RFC 8259, 8.1). A parser that guesses
 * others, or passes over a byte order mark, would read what a vendor reads in another way or not at
 * all.
 */
final class BodyText {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int TELLING_BYTES = 4;

    private BodyText() {}

    /**
     * Looks through the whole body.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code invalid_request}
     */
    static void check(byte[] body) {
        int invalid = Utf8.firstInvalid(body, 0, body.length);
        if (invalid >= 0) {
            throw Fault.invalid("(body): not UTF-8 at byte " + invalid, "").asException();
        }
        if (Arrays.equals(body, 0, Math.min(body.length, 3), MARK, 0, MARK.length)) {
            throw wrong("a byte order mark");
        }
        for (int i = 0; i < Math.min(TELLING_BYTES, body.length); i++) {
            if (body[i] == 0) {
                throw wrong("UTF-16 or UTF-32");
            }
        }
    }

    private static RuntimeException wrong(String what) {
        return Fault.invalid("(body): " + what + " (expected: UTF-8 without a mark)", "")
                .asException();
    }
}

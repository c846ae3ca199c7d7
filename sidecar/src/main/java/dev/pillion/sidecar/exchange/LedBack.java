package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.sidecar.plan.Target;
import java.nio.charset.StandardCharsets;

/**
 * Addresses of a provider's own API as they are reached through Pillion: who follows one would else
 * pass it by, with a key that is none. Of one answer, whose body may come in any pieces.
 */
final class LedBack {
    private final String from;
    private final String to;
    private final byte[] searched;
    private final byte[] put;
    private int matched;

    /** {@code host}: where the client reaches us, as it says. */
    LedBack(Target target, String host) {
        from = target.endpoint().base() + "/";
        to = "http://" + host + "/" + target.provider() + "/";
        searched = from.getBytes(StandardCharsets.US_ASCII);
        put = to.getBytes(StandardCharsets.US_ASCII);
    }

    /** One address; that of anybody else is left. */
    String address(String address) {
        return address.startsWith(from) ? to + address.substring(from.length()) : address;
    }

    /** Appends what of the piece is decided; the start of what may be an address is kept. */
    void body(ByteSink piece, ByteSink out) {
        byte[] bytes = piece.array();
        for (int at = 0; at < piece.size(); at++) {
            next(bytes[at], out);
        }
    }

    /** What began like an address and is none is let go whole. */
    private void next(byte b, ByteSink out) {
        if (b != searched[matched]) {
            end(out);
        }
        if (b != searched[matched]) {
            out.write(b);
        } else if (++matched == searched.length) {
            matched = 0;
            out.write(put);
        }
    }

    /** Appends what was kept. */
    void end(ByteSink out) {
        out.write(searched, 0, matched);
        matched = 0;
    }
}

package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.wire.Inflation;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/** An answer that a vendor packed, though that was not asked for: unpacked as it comes. */
final class PackedAnswer {
    private final Inflation inflation;

    private PackedAnswer(Inflation inflation) {
        this.inflation = inflation;
    }

    /**
     * Null when the answer is not packed.
     *
     * @param coding the answer's content codings, empty for none
     * @throws BadReply for a coding that nobody here can unpack
     */
    static @Nullable PackedAnswer of(String coding) throws BadReply {
        if (coding.isEmpty()) {
            return null;
        }
        Inflation.Coding known = Inflation.Coding.of(coding);
        if (known == null) {
            throw new BadReply(
                    "answered with content-encoding " + coding + " (expected: identity)");
        }
        return new PackedAnswer(new Inflation(known));
    }

    void take(ByteBuffer packed) {
        inflation.take(packed);
    }

    /** The next piece, valid until the next call; null when there is none yet, or no more. */
    @Nullable ByteBuffer next() throws BadReply {
        try {
            return inflation.next();
        } catch (DataFormatException e) {
            throw bad(e);
        }
    }

    /** The body is over: an answer whose packing is not is a cut one. */
    void finish() throws BadReply {
        try {
            inflation.finish();
        } catch (DataFormatException e) {
            throw bad(e);
        }
    }

    void close() {
        inflation.close();
    }

    private static BadReply bad(DataFormatException e) {
        return new BadReply("sent an answer that " + e.getMessage());
    }
}

package dev.pillion.sidecar.edge;

import io.netty.buffer.ByteBuf;

/**
 * Reads a chunked body (RFC 9112, 7.1), strictly and however its bytes are cut. Extensions and
 * trailers are read and left out.
 */
final class ChunkReader {
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION_BYTES = 16 << 10;
    private static final int MAX_TRAILER_BYTES = 16 << 10;

    enum Progress {
        MORE,
        DONE,
        BAD
    }

    private enum At {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_LF,
        END_LF
    }

    private At at = At.SIZE;
    private long remaining;
    private int digits;
    private int extensionBytes;
    private int trailerBytes;

    void reset() {
        at = At.SIZE;
        remaining = 0;
        digits = 0;
        extensionBytes = 0;
        trailerBytes = 0;
    }

    Progress read(ByteBuf in, BodyCollector body) {
        while (in.isReadable()) {
            if (at == At.DATA) {
                int count = (int) Math.min(remaining, in.readableBytes());
                body.append(in, count);
                remaining -= count;
                at = remaining == 0 ? At.DATA_CR : At.DATA;
                continue;
            }
            boolean last = at == At.END_LF;
            if (!step(in.readByte())) {
                return Progress.BAD;
            }
            if (last) {
                return Progress.DONE;
            }
        }
        return Progress.MORE;
    }

    /** One byte of the framing; false when it does not belong there. */
    private boolean step(byte b) {
        return switch (at) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> is(b, '\n', remaining > 0 ? At.DATA : At.TRAILER_START);
            case DATA -> throw new IllegalStateException("data is not read byte by byte");
            case DATA_CR -> is(b, '\r', At.DATA_LF);
            case DATA_LF -> is(b, '\n', At.SIZE) && nextSize();
            case TRAILER_START -> b == '\r' ? is(b, '\r', At.END_LF) : trailer(b);
            case TRAILER -> trailer(b);
            case TRAILER_LF -> is(b, '\n', At.TRAILER_START);
            case END_LF -> b == '\n';
        };
    }

    private boolean is(byte b, char expected, At next) {
        at = next;
        return b == expected;
    }

    private boolean nextSize() {
        remaining = 0;
        digits = 0;
        return true;
    }

    private boolean size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            remaining = remaining << 4 | digit;
            return ++digits <= MAX_SIZE_DIGITS;
        }
        if (digits == 0) {
            return false;
        }
        return b == '\r' ? is(b, '\r', At.SIZE_LF) : b == ';' && is(b, ';', At.EXTENSION);
    }

    private boolean extension(byte b) {
        if (b == '\r') {
            return is(b, '\r', At.SIZE_LF);
        }
        return isText(b) && ++extensionBytes <= MAX_EXTENSION_BYTES;
    }

    private boolean trailer(byte b) {
        if (at == At.TRAILER_START && !HeaderNames.isTokenByte(b)) {
            return false;
        }
        at = b == '\r' ? At.TRAILER_LF : At.TRAILER;
        return (b == '\r' || isText(b)) && ++trailerBytes <= MAX_TRAILER_BYTES;
    }

    private static boolean isText(byte b) {
        return b < 0 || (b >= ' ' && b != 0x7f) || b == '\t';
    }
}

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
        EXTENSION_NAME,
        EXTENSION_VALUE,
        EXTENSION_QUOTED,
        EXTENSION_END,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF
    }

    private At at = At.SIZE;
    private long remaining;
    private int digits;

    /** Bytes of the name or value being read. */
    private int part;

    private int extensionBytes;
    private int trailerBytes;

    void reset() {
        at = At.SIZE;
        remaining = 0;
        digits = 0;
        part = 0;
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
            case EXTENSION_NAME, EXTENSION_VALUE -> extension(b);
            case EXTENSION_QUOTED -> quoted(b);
            case EXTENSION_END -> endOfExtension(b);
            case SIZE_LF -> is(b, '\n', remaining > 0 ? At.DATA : At.TRAILER_START);
            case DATA -> throw new IllegalStateException("data is not read byte by byte");
            case DATA_CR -> is(b, '\r', At.DATA_LF);
            case DATA_LF -> is(b, '\n', At.SIZE) && nextSize();
            case TRAILER_START -> b == '\r' ? is(b, '\r', At.END_LF) : trailerName(b);
            case TRAILER_NAME -> b == ':' ? is(b, ':', At.TRAILER_VALUE) : trailerName(b);
            case TRAILER_VALUE -> trailerValue(b);
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
        return endOfExtension(b);
    }

    /** What may stand where an extension, or the size, is complete. */
    private boolean endOfExtension(byte b) {
        part = 0;
        return b == '\r' ? is(b, '\r', At.SIZE_LF) : is(b, ';', At.EXTENSION_NAME);
    }

    /** A name, or a value without quotes. */
    private boolean extension(byte b) {
        if (HeaderNames.isTokenByte(b)) {
            part++;
            return extensionByte();
        }
        boolean isName = at == At.EXTENSION_NAME;
        if (part == 0) {
            return !isName && is(b, '"', At.EXTENSION_QUOTED);
        }
        if (isName && b == '=') {
            part = 0;
            return is(b, '=', At.EXTENSION_VALUE);
        }
        return endOfExtension(b);
    }

    private boolean quoted(byte b) {
        if (b == '"') {
            return is(b, '"', At.EXTENSION_END);
        }
        return b != '\\' && isText(b) && extensionByte();
    }

    private boolean extensionByte() {
        return ++extensionBytes <= MAX_EXTENSION_BYTES;
    }

    private boolean trailerName(byte b) {
        at = At.TRAILER_NAME;
        return HeaderNames.isTokenByte(b) && ++trailerBytes <= MAX_TRAILER_BYTES;
    }

    private boolean trailerValue(byte b) {
        if (b == '\r') {
            return is(b, '\r', At.TRAILER_LF);
        }
        return isText(b) && ++trailerBytes <= MAX_TRAILER_BYTES;
    }

    private static boolean isText(byte b) {
        return b < 0 || (b >= ' ' && b != 0x7f) || b == '\t';
    }
}

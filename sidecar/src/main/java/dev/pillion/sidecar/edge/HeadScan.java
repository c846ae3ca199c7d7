package dev.pillion.sidecar.edge;

import io.netty.buffer.ByteBuf;

/** Finds the end of a request head, however its bytes are cut; looks at each byte once. */
final class HeadScan {
    static final int MORE = -1;
    static final int BAD_LINE = -2;

    private int scanned;
    private int lineStart;

    /**
     * Searches from the reader index on, which stays.
     *
     * @return the head's length with its empty line, or {@link #MORE}, or {@link #BAD_LINE} where a
     *     line ends without CR
     */
    int find(ByteBuf in) {
        int base = in.readerIndex();
        int end = in.writerIndex();
        while (true) {
            int lf = in.indexOf(base + scanned, end, (byte) '\n');
            if (lf < 0) {
                scanned = end - base;
                return MORE;
            }
            int lineLength = lf - base - lineStart;
            if (lineLength == 0 || in.getByte(lf - 1) != '\r') {
                return BAD_LINE;
            }
            scanned = lf + 1 - base;
            if (lineLength == 1) {
                return scanned;
            }
            lineStart = scanned;
        }
    }

    /** Bytes looked at so far. */
    int scanned() {
        return scanned;
    }

    void reset() {
        scanned = 0;
        lineStart = 0;
    }
}

package dev.pillion.sidecar.account;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** One passage through a segment, in bounded memory. */
final class SegmentReader {
    private static final int MAX_RECORD_BYTES = Segment.FRAME_BYTES + Segment.MAX_PAYLOAD_BYTES;

    private final InputStream in;
    private final Segment.Reader reader;
    private final byte[] window = new byte[4 * MAX_RECORD_BYTES];
    private final ByteBuffer numbers = ByteBuffer.wrap(window);
    private final CRC32C crc = new CRC32C();
    private int from;
    private int to;
    private boolean ended;
    private long position;
    private long sound;
    private long records;
    private long gaps;
    private long gapBytes;

    SegmentReader(InputStream in, Segment.Reader reader) {
        this.in = in;
        this.reader = reader;
    }

    Segment.Extent read() throws IOException {
        fill();
        if (begins(Segment.HEAD)) {
            skip(Segment.HEAD.length);
            sound = position;
        } else if (isForeign()) {
            return new Segment.Extent(rest(), 0, 0, 0, 0, true);
        }
        while (to > from) {
            int length = record();
            if (length > 0) {
                take(length);
            } else {
                skip(1);
            }
            fill();
        }
        return new Segment.Extent(position, sound, records, gaps, gapBytes, false);
    }

    private boolean begins(byte[] with) {
        int length = Math.min(to, with.length);
        return length == with.length && Arrays.equals(window, 0, length, with, 0, length);
    }

    /** The head of another release's form; a damaged one of ours has no digit there. */
    private boolean isForeign() {
        int number = Segment.FAMILY.length;
        return begins(Segment.FAMILY)
                && to >= Segment.HEAD.length
                && window[number] >= '0'
                && window[number] <= '9';
    }

    private void take(int length) throws IOException {
        if (sound < position) {
            gaps++;
            gapBytes += position - sound;
        }
        reader.payload(window, from + Segment.FRAME_BYTES, length);
        skip(Segment.FRAME_BYTES + length);
        sound = position;
        records++;
    }

    /** The length of the payload that is next; 0: there is no whole record. */
    private int record() {
        int left = to - from - Segment.FRAME_BYTES;
        if (left <= 0) {
            return 0;
        }
        int length = numbers.getInt(from);
        int payload = from + Segment.FRAME_BYTES;
        if (length <= 0
                || length > Math.min(left, Segment.MAX_PAYLOAD_BYTES)
                || window[payload] != '{') {
            return 0;
        }
        crc.reset();
        crc.update(window, from, Integer.BYTES);
        crc.update(window, payload, length);
        return (int) crc.getValue() == numbers.getInt(from + Integer.BYTES) ? length : 0;
    }

    private void skip(int bytes) {
        from += bytes;
        position += bytes;
    }

    /** Has the longest record in the window, or all that is left. */
    private void fill() throws IOException {
        if (ended || to - from >= MAX_RECORD_BYTES) {
            return;
        }
        System.arraycopy(window, from, window, 0, to - from);
        to -= from;
        from = 0;
        int count = in.readNBytes(window, to, window.length - to);
        to += count;
        ended = to < window.length;
    }

    /** The length of a file that is not read. */
    private long rest() throws IOException {
        long bytes = to;
        for (long more = in.skip(Long.MAX_VALUE); more > 0; more = in.skip(Long.MAX_VALUE)) {
            bytes += more;
        }
        return bytes;
    }
}

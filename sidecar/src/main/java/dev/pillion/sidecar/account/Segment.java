package dev.pillion.sidecar.account;

import dev.pillion.protocol.wire.ByteSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The form of one file of the ledger: a head, then records. A record is its length (4 bytes, big
 * end first), the CRC-32C of length and payload (4 bytes), and the payload, a JSON object. No
 * payload has a byte 0 in it, and every length begins with one: so records are found again behind
 * damaged bytes.
 */
final class Segment {
    /** How the head of every release's form begins; its number follows. */
    static final byte[] FAMILY = "PILLION LEDGER ".getBytes(StandardCharsets.US_ASCII);

    static final byte[] HEAD = "PILLION LEDGER 1\n".getBytes(StandardCharsets.US_ASCII);

    /** A longer payload is no record: with bounded names and tags none comes near. */
    static final int MAX_PAYLOAD_BYTES = 64 << 10;

    static final int FRAME_BYTES = 8;

    private Segment() {}

    /** What takes the payloads of a segment, in their order. */
    @FunctionalInterface
    interface Reader {
        /** The bytes are the reader's only until it returns. */
        void payload(byte[] bytes, int offset, int length) throws IOException;
    }

    /**
     * What a segment holds.
     *
     * @param bytes of the file
     * @param soundBytes up to the end of the last whole record, or of the head; less than {@code
     *     bytes}: a torn tail follows
     * @param gaps damaged places that whole records follow
     * @param gapBytes their bytes
     * @param foreign it is of another release's form, and nothing of it was read
     */
    record Extent(
            long bytes, long soundBytes, long records, long gaps, long gapBytes, boolean foreign) {
        boolean isTorn() {
            return !foreign && soundBytes < bytes;
        }
    }

    /** Appends the payload as a record. */
    static void append(ByteSink out, ByteSink payload) {
        int length = payload.size();
        if (length == 0 || length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "a record of " + length + " bytes (expected: 1 to " + MAX_PAYLOAD_BYTES + ")");
        }
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES).putInt(length);
        var crc = new CRC32C();
        crc.update(frame.array(), 0, Integer.BYTES);
        crc.update(payload.array(), 0, length);
        frame.putInt((int) crc.getValue());
        out.write(frame.array());
        out.write(payload.array(), 0, length);
    }

    /** Reads all whole records, those behind damaged places too. */
    static Extent read(Path file, Reader reader) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new SegmentReader(in, reader).read();
        }
    }

    /** Whether a crash can have left such a beginning: a part of the head, or nothing but zeros. */
    static boolean isTornHead(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] first = in.readNBytes(HEAD.length);
            return Arrays.equals(first, Arrays.copyOf(HEAD, first.length))
                    || Arrays.equals(first, new byte[first.length]);
        }
    }
}

package dev.pillion.sidecar.account;

import dev.pillion.protocol.wire.ByteSink;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form of one file of the ledger: a head, then records. A record is its length (4 bytes, big
 * end first), the CRC-32C of length and payload (4 bytes), and the payload.
 */
final class Segment {
    static final byte[] HEAD = "PILLION LEDGER 1\n".getBytes(StandardCharsets.US_ASCII);

    /** A longer payload is no record: with bounded names and tags none comes near. */
    static final int MAX_PAYLOAD_BYTES = 64 << 10;

    private static final int FRAME_BYTES = 8;

    private Segment() {}

    /** What takes the payloads of a segment, in their order. */
    @FunctionalInterface
    interface Reader {
        void payload(byte[] bytes) throws IOException;
    }

    /**
     * How far a segment can be read.
     *
     * @param soundBytes the head and all whole records; less than its length: a torn tail follows
     */
    record Extent(long soundBytes, long records, long bytes) {
        boolean isTorn() {
            return soundBytes < bytes;
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
        frame.putInt(checksum(length, payload.array()));
        out.write(frame.array());
        out.write(payload.array(), 0, length);
    }

    /** Reads the records up to the end, or up to where the file is torn. */
    static Extent read(Path file, Reader reader) throws IOException {
        try (var in =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(file), 64 << 10))) {
            long bytes = Files.size(file);
            if (!Arrays.equals(in.readNBytes(HEAD.length), HEAD)) {
                return new Extent(0, 0, bytes);
            }
            long sound = HEAD.length;
            long records = 0;
            byte[] payload = next(in);
            while (payload != null) {
                reader.payload(payload);
                sound += FRAME_BYTES + payload.length;
                records++;
                payload = next(in);
            }
            return new Extent(sound, records, Math.max(bytes, sound));
        }
    }

    /** The next payload; null: the end, or no whole record. */
    private static byte @Nullable [] next(DataInputStream in) throws IOException {
        byte[] frame = in.readNBytes(FRAME_BYTES);
        if (frame.length < FRAME_BYTES) {
            return null;
        }
        int length = ByteBuffer.wrap(frame).getInt();
        if (length <= 0 || length > MAX_PAYLOAD_BYTES) {
            return null;
        }
        byte[] payload = in.readNBytes(length);
        boolean whole =
                payload.length == length
                        && checksum(length, payload) == ByteBuffer.wrap(frame).getInt(4);
        return whole ? payload : null;
    }

    private static int checksum(int length, byte[] payload) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(length).flip());
        crc.update(payload, 0, length);
        return (int) crc.getValue();
    }
}

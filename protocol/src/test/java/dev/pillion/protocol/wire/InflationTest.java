package dev.pillion.protocol.wire;

import static dev.pillion.protocol.wire.Inflation.Coding.DEFLATE;
import static dev.pillion.protocol.wire.Inflation.Coding.GZIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InflationTest {
    private static final String TEXT = "data: {\"delta\":\"hello\"}\n\n".repeat(5000);

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    private static byte[] deflate(String text, boolean raw) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var deflater = new Deflater(Deflater.BEST_SPEED, raw);
                var out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    private static String unpack(Inflation inflation, byte[] packed, int pieceBytes)
            throws DataFormatException {
        var text = new StringBuilder();
        for (int at = 0; at < packed.length; at += pieceBytes) {
            int count = Math.min(pieceBytes, packed.length - at);
            inflation.take(ByteBuffer.wrap(packed, at, count));
            ByteBuffer piece = inflation.next();
            while (piece != null) {
                assertTrue(piece.remaining() <= 16 << 10);
                text.append(StandardCharsets.ISO_8859_1.decode(piece));
                piece = inflation.next();
            }
        }
        inflation.finish();
        inflation.close();
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 100_000})
    void aPackedBodyUnpacksHoweverItIsCut(int pieceBytes) throws Exception {
        assertEquals(TEXT, unpack(new Inflation(GZIP), gzip(TEXT), pieceBytes));
        assertEquals(TEXT, unpack(new Inflation(DEFLATE), deflate(TEXT, false), pieceBytes));
        assertEquals(TEXT, unpack(new Inflation(DEFLATE), deflate(TEXT, true), pieceBytes));
    }

    @Test
    void aGzipHeaderMayCarryNameCommentAndMore() throws Exception {
        byte[] plain = gzip("x");
        var bytes = new ByteArrayOutputStream();
        bytes.write(plain, 0, 3);
        bytes.write(2 | 4 | 8 | 16);
        bytes.write(plain, 4, 6);
        bytes.writeBytes(new byte[] {3, 0, 1, 2, 3, 'n', 0, 'c', 'c', 0, 9, 9});
        bytes.write(plain, 10, plain.length - 10);
        for (int pieceBytes : new int[] {1, 5, 1000}) {
            assertEquals("x", unpack(new Inflation(GZIP), bytes.toByteArray(), pieceBytes));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 100_000})
    void severalGzipMembersAreOneBody(int pieceBytes) throws Exception {
        var members = new ByteArrayOutputStream();
        members.writeBytes(gzip("one "));
        members.writeBytes(gzip(""));
        members.writeBytes(gzip(TEXT));
        assertEquals("one " + TEXT, unpack(new Inflation(GZIP), members.toByteArray(), pieceBytes));
        byte[] cut = Arrays.copyOf(members.toByteArray(), members.size() - 3);
        assertThrows(DataFormatException.class, () -> unpack(new Inflation(GZIP), cut, pieceBytes));
    }

    @Test
    void eachFlushIsUnpackedAtOnce() throws Exception {
        var bytes = new ByteArrayOutputStream();
        var inflation = new Inflation(GZIP);
        try (var out = new GZIPOutputStream(bytes, true)) {
            for (int i = 0; i < 20; i++) {
                out.write(("delta " + i).getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                inflation.take(ByteBuffer.wrap(bytes.toByteArray()));
                bytes.reset();
                var text = new StringBuilder();
                for (ByteBuffer b = inflation.next(); b != null; b = inflation.next()) {
                    text.append(StandardCharsets.ISO_8859_1.decode(b));
                }
                assertEquals("delta " + i, text.toString());
            }
        }
        inflation.close();
    }

    @Test
    void aCutOrBrokenPackedBodyIsNoGoodEnd() throws Exception {
        byte[] packed = gzip(TEXT);
        byte[] cut = Arrays.copyOf(packed, packed.length - 4);
        assertThrows(DataFormatException.class, () -> unpack(new Inflation(GZIP), cut, 100));
        byte[] wrong = packed.clone();
        wrong[packed.length - 6] ^= 1;
        assertThrows(DataFormatException.class, () -> unpack(new Inflation(GZIP), wrong, 100));
        byte[] more = Arrays.copyOf(packed, packed.length + 1);
        assertThrows(DataFormatException.class, () -> unpack(new Inflation(GZIP), more, 100));
        byte[] notPacked = TEXT.getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(DataFormatException.class, () -> unpack(new Inflation(GZIP), notPacked, 100));
        assertThrows(
                DataFormatException.class, () -> unpack(new Inflation(DEFLATE), notPacked, 100));
    }

    @Test
    void anEmptyBodyIsNoCutOne() throws Exception {
        assertEquals("", unpack(new Inflation(GZIP), new byte[0], 1));
        assertNull(Inflation.Coding.of("br"));
        assertEquals(GZIP, Inflation.Coding.of("X-GZip"));
    }
}

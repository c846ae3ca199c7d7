package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InflationTest {
    private static final String TEXT = "data: {\"delta\":\"hello\"}\n\n".repeat(5000);

    static byte[] gzip(String text) throws IOException {
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
            throws BadReply {
        var text = new StringBuilder();
        for (int at = 0; at < packed.length; at += pieceBytes) {
            int count = Math.min(pieceBytes, packed.length - at);
            inflation.take(Unpooled.wrappedBuffer(packed), at, count);
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
        assertEquals(TEXT, unpack(new Inflation(true), gzip(TEXT), pieceBytes));
        assertEquals(TEXT, unpack(new Inflation(false), deflate(TEXT, false), pieceBytes));
        assertEquals(TEXT, unpack(new Inflation(false), deflate(TEXT, true), pieceBytes));
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
            assertEquals("x", unpack(new Inflation(true), bytes.toByteArray(), pieceBytes));
        }
    }

    @Test
    void aCutOrBrokenPackedBodyIsNoGoodEnd() throws Exception {
        byte[] packed = gzip(TEXT);
        byte[] cut = Arrays.copyOf(packed, packed.length - 4);
        assertThrows(BadReply.class, () -> unpack(new Inflation(true), cut, 100));
        byte[] wrong = packed.clone();
        wrong[packed.length - 6] ^= 1;
        assertThrows(BadReply.class, () -> unpack(new Inflation(true), wrong, 100));
        byte[] more = Arrays.copyOf(packed, packed.length + 1);
        assertThrows(BadReply.class, () -> unpack(new Inflation(true), more, 100));
        byte[] notPacked = TEXT.getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(BadReply.class, () -> unpack(new Inflation(true), notPacked, 100));
        assertThrows(BadReply.class, () -> unpack(new Inflation(false), notPacked, 100));
    }

    @Test
    void anEmptyBodyIsNoCutOne() throws Exception {
        assertEquals("", unpack(new Inflation(true), new byte[0], 1));
        assertNull(Inflation.of("br"));
    }
}

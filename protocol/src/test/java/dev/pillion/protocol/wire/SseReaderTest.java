package dev.pillion.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
    private static final String STREAM =
            """
            event: start
            data: {"type":"start"}

            : a comment between

            data: one
            data: two

            event: überraschung
            data:no space
            id: 7
            retry: 5

            data

            data: 😀 last

            """;

    private static final List<String> FRAMES =
            List.of(
                    "start|{\"type\":\"start\"}",
                    "-|(comment)",
                    "-|one\ntwo",
                    "überraschung|no space",
                    "-|",
                    "-|😀 last");

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    @DisplayName("F15: a stream means the same however it is cut and whatever ends its lines")
    void aStreamMeansTheSameHoweverItIsCut(String lineEnd) throws Exception {
        byte[] bytes = STREAM.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 200; seed++) {
            assertEquals(FRAMES, read(bytes, new SplittableRandom(seed), seed % 40 + 1));
        }
    }

    @Test
    @DisplayName("F15: many frames in one piece are all handed on, with their raw bytes")
    void bundledFramesKeepTheirRawBytes() throws Exception {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        var raw = new ByteSink();
        var reader = new SseReader(1 << 20);
        reader.read(
                ByteBuffer.wrap(bytes),
                frame -> raw.write(frame.rawBytes(), frame.rawStart(), frame.rawLength()));
        assertEquals(STREAM, new String(raw.toByteArray(), StandardCharsets.UTF_8));
    }

    @Test
    void aByteOrderMarkAtTheStartIsNoPartOfTheFirstField() throws Exception {
        byte[] bytes = "\uFEFFdata: x\n\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of("-|x"), read(bytes, new SplittableRandom(1), 2));
    }

    @Test
    void aLastFrameWithoutItsBlankLineCounts() throws Exception {
        assertEquals(
                List.of("-|x", "-|y"),
                read("data: x\n\ndata: y".getBytes(StandardCharsets.UTF_8), null, 100));
    }

    @Test
    void aFrameOverTheLimitIsRefused() {
        var reader = new SseReader(64);
        byte[] piece =
                "data: 0123456789012345678901234567890123456789".getBytes(StandardCharsets.UTF_8);
        assertThrows(
                SseReader.FrameTooLarge.class,
                () -> {
                    for (int i = 0; i < 3; i++) {
                        reader.read(ByteBuffer.wrap(piece), frame -> {});
                    }
                });
    }

    private static List<String> read(byte[] bytes, @Nullable SplittableRandom random, int most)
            throws Exception {
        List<String> frames = new ArrayList<>();
        var reader = new SseReader(1 << 20);
        int at = 0;
        while (at < bytes.length) {
            int length = random == null ? most : random.nextInt(most) + 1;
            int end = Math.min(bytes.length, at + length);
            reader.read(ByteBuffer.wrap(bytes, at, end - at), frame -> frames.add(text(frame)));
            at = end;
        }
        reader.end(frame -> frames.add(text(frame)));
        return frames;
    }

    private static String text(SseFrame frame) {
        String event = frame.event() == null ? "-" : frame.event();
        return event + "|" + (frame.hasData() ? frame.data() : "(comment)");
    }
}

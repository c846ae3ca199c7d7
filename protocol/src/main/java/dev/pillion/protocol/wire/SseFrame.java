package dev.pillion.protocol.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One frame of an event stream, valid only while its handler runs.
 *
 * <p>[{@link #start}, {@link #end}) are the frame's raw bytes, its closing blank line included;
 * [{@link #dataStart}, {@link #dataEnd}) its data in {@link #dataBytes}, lines joined by LF.
 */
public final class SseFrame {
    byte[] bytes = new byte[0];
    int start;
    int end;
    byte[] dataBytes = new byte[0];
    int dataStart;
    int dataEnd;
    boolean hasData;
    @Nullable String event;

    SseFrame() {}

    /** The {@code event:} field, if there is one. */
    public @Nullable String event() {
        return event;
    }

    /** False for a frame of comments only. */
    public boolean hasData() {
        return hasData;
    }

    public byte[] dataBytes() {
        return dataBytes;
    }

    public int dataStart() {
        return dataStart;
    }

    public int dataLength() {
        return dataEnd - dataStart;
    }

    public String data() {
        return new String(dataBytes, dataStart, dataEnd - dataStart, StandardCharsets.UTF_8);
    }

    /** The array that holds the raw frame. */
    public byte[] rawBytes() {
        return bytes;
    }

    public int rawStart() {
        return start;
    }

    public int rawLength() {
        return end - start;
    }
}

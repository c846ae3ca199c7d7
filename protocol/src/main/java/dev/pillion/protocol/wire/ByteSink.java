package dev.pillion.protocol.wire;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array that its owner empties and uses again; one thread only. */
public final class ByteSink extends OutputStream {
    private static final byte[] EMPTY = {};

    byte[] bytes;
    int size;

    public ByteSink() {
        this(1024);
    }

    /** Room for so many bytes at first; 0 takes memory only when something is written. */
    public ByteSink(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    @Override
    public void write(int b) {
        room(1);
        bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from) {
        write(from, 0, from.length);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    public void write(ByteBuffer from) {
        int length = from.remaining();
        room(length);
        from.get(bytes, size, length);
        size += length;
    }

    /** Appends the text as UTF-8. */
    public void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The array itself, valid in [0, {@link #size()}) until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** A view of the content, valid until the next write. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** The content, for good: without a copy where it fills the array. The sink is empty then. */
    public byte[] handOver() {
        byte[] content = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        bytes = EMPTY;
        size = 0;
        return content;
    }

    /** Appends the other's content, which is empty then; without a copy where this one is. */
    public void take(ByteSink other) {
        if (size == 0) {
            byte[] own = bytes;
            bytes = other.bytes;
            size = other.size;
            other.bytes = own;
        } else {
            write(other.bytes, 0, other.size);
        }
        other.size = 0;
    }

    public void reset() {
        size = 0;
    }

    /** Drops the last {@code count} bytes. */
    public void dropLast(int count) {
        size -= count;
    }

    /** Drops the first {@code count} bytes. */
    public void discard(int count) {
        System.arraycopy(bytes, count, bytes, 0, size - count);
        size -= count;
    }

    /** Makes room for so many more bytes. */
    void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
        }
    }
}

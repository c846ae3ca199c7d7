package dev.pillion.sidecar;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One client of the soak: asks over one connection until it leaves or is sent away. */
final class SoakClient {
    private static final int MAX_LINE_CHARS = 1 << 16;
    private static final int SLOW_READS = 60;
    private static final int SLOW_BYTES = 2_048;
    private static final long SLOW_PAUSE_NANOS = 4_000_000;
    private static final int SMALL_RECEIVE_BYTES = 4_096;

    private final SocketAddress address;
    private final SplittableRandom random;
    private final SoakTally tally;
    private @Nullable SocketChannel channel;
    private InputStream in = InputStream.nullInputStream();
    private volatile long busySinceNanos;

    SoakClient(SocketAddress address, SplittableRandom random, SoakTally tally) {
        this.address = address;
        this.random = random;
        this.tally = tally;
    }

    /** Asks while there is something left to ask. */
    void run(AtomicLong left) throws IOException {
        try {
            for (long number = left.getAndDecrement();
                    number > 0;
                    number = left.getAndDecrement()) {
                SoakRequest request = SoakRequest.next(random, number);
                busySinceNanos = System.nanoTime();
                ask(request);
                busySinceNanos = 0;
            }
        } finally {
            busySinceNanos = 0;
            close();
        }
    }

    /** Since when it waits for an answer; 0: it does not. */
    long busySinceNanos() {
        return busySinceNanos;
    }

    private void ask(SoakRequest request) throws IOException {
        try {
            SocketChannel open = open(request.act() == SoakRequest.Act.READ_SLOWLY);
            switch (request.act()) {
                case READ -> {
                    send(open, request, request.body().length);
                    read(false);
                }
                case READ_SLOWLY -> {
                    send(open, request, request.body().length);
                    read(true);
                    close(); // its small buffer is of no use to the next
                }
                case LEAVE_IN_BODY -> {
                    send(open, request, random.nextInt(request.body().length));
                    leave();
                }
                case LEAVE_AT_ONCE -> {
                    send(open, request, request.body().length);
                    LockSupport.parkNanos(random.nextInt(5_000_000));
                    leave();
                }
                case LEAVE_IN_ANSWER -> {
                    send(open, request, request.body().length);
                    readSome();
                    leave();
                }
            }
        } catch (IOException e) {
            close();
            tally.broken(request, e);
        }
    }

    private SocketChannel open(boolean slow) throws IOException {
        SocketChannel known = channel;
        if (known != null && !slow) {
            return known;
        }
        close();
        SocketChannel fresh =
                SocketChannel.open(
                        address.getClass() == InetSocketAddress.class
                                ? java.net.StandardProtocolFamily.INET
                                : java.net.StandardProtocolFamily.UNIX);
        if (slow) {
            fresh.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_RECEIVE_BYTES);
        }
        fresh.connect(address);
        channel = fresh;
        in = new BufferedInputStream(Channels.newInputStream(fresh), SLOW_BYTES);
        return fresh;
    }

    private static void send(SocketChannel to, SoakRequest request, int bodyBytes)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(request.head().length + bodyBytes);
        bytes.put(request.head()).put(request.body(), 0, bodyBytes).flip();
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private void leave() throws IOException {
        tally.left();
        SocketChannel known = channel;
        if (known != null && address instanceof InetSocketAddress && random.nextBoolean()) {
            known.setOption(StandardSocketOptions.SO_LINGER, 0); // by a reset
        }
        close();
    }

    void close() throws IOException {
        SocketChannel known = channel;
        channel = null;
        if (known != null) {
            known.close();
        }
    }

    /**
     * An answer's head.
     *
     * @param length −1: it comes in chunks
     */
    private record Head(int status, long length, boolean closes) {}

    private Head head() throws IOException {
        String first = line();
        int status = Integer.parseInt(first.split(" ", 3)[1]);
        long length = -1;
        boolean closes = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            }
            closes |= lower.startsWith("connection:") && lower.contains("close");
        }
        return new Head(status, length, closes);
    }

    private void read(boolean slowly) throws IOException {
        Head head = head();
        if (head.length() >= 0) {
            skip(head.length(), slowly);
        } else {
            for (long size = chunk(); size > 0; size = chunk()) {
                skip(size + 2, slowly);
            }
            line();
        }
        tally.answered(head.status());
        if (head.closes()) {
            close();
        }
    }

    /** The head, and of the body some of it. */
    private void readSome() throws IOException {
        Head head = head();
        if (head.length() > 0) {
            skip(random.nextLong(head.length()), false);
        } else if (head.length() < 0) {
            long size = chunk();
            for (int chunks = random.nextInt(8); chunks > 0 && size > 0; chunks--) {
                skip(size + 2, false);
                size = chunk();
            }
        }
    }

    private long chunk() throws IOException {
        return Long.parseLong(line().strip(), 16);
    }

    private void skip(long bytes, boolean slowly) throws IOException {
        long left = bytes;
        for (int reads = 0; slowly && left > SLOW_BYTES && reads < SLOW_READS; reads++) {
            in.skipNBytes(SLOW_BYTES);
            left -= SLOW_BYTES;
            LockSupport.parkNanos(SLOW_PAUSE_NANOS);
        }
        in.skipNBytes(left);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > MAX_LINE_CHARS) {
                throw new IOException("cut in a line: " + line);
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }
}

package dev.pillion.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A closed loop of connections on one thread: each sends its next request when its reply is whole.
 *
 * <p>Only complete right answers count ({@link ReplyReader}); everything else is an error, and the
 * first few are kept word for word.
 */
final class Load implements AutoCloseable {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long DRAIN_NANOS = 5_000_000_000L;
    private static final int ERRORS_KEPT = 3;
    private static final int ERRORS_BORNE = 100;

    private final SocketAddress target;
    private final Slot slot;
    private final byte[] request;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] data = new byte[64 * 1024];
    private final List<String> problems = new ArrayList<>();
    private final Thread thread = new Thread(this::loop, "bench-load");
    private long[] latencies = new long[1 << 16];
    private long[] firstBytes = new long[1 << 16];
    private volatile long completed;
    private volatile long errors;
    private volatile long reads;
    private volatile int counted = -1;
    private volatile boolean stopping;

    /** Of the counted replies; nanoseconds, in ascending order. */
    record Latencies(long[] whole, long[] firstByte) {
        static double micros(long[] sorted, double quantile) {
            return sorted.length == 0
                    ? Double.NaN
                    : sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)] / 1e3;
        }
    }

    Load(SocketAddress target, Slot slot, int count) throws IOException {
        this.target = target;
        this.slot = slot;
        request = request(target, slot);
        try {
            for (int i = 0; i < count; i++) {
                connections.add(new Connection());
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        thread.setDaemon(true);
    }

    /** The whole request, as it goes to that address. */
    static byte[] request(SocketAddress target, Slot slot) {
        byte[] body = slot.request();
        String host =
                target instanceof InetSocketAddress a ? "127.0.0.1:" + a.getPort() : "localhost";
        String head =
                "POST "
                        + slot.path()
                        + " HTTP/1.1\r\nhost: "
                        + host
                        + "\r\ncontent-type: application/json\r\naccept: application/json"
                        + "\r\nauthorization: Bearer sk-of-the-application"
                        + "\r\nuser-agent: pillion-bench\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n";
        byte[] headBytes = Payloads.bytes(head);
        byte[] request = Arrays.copyOf(headBytes, headBytes.length + body.length);
        System.arraycopy(body, 0, request, headBytes.length, body.length);
        return request;
    }

    static SocketAddress tcp(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static SocketAddress unix(java.nio.file.Path path) {
        return UnixDomainSocketAddress.of(path);
    }

    void start() {
        thread.start();
    }

    long completed() {
        return completed;
    }

    long errors() {
        return errors;
    }

    /** Reads of the client's sockets so far: shows how far events came one by one. */
    long reads() {
        return reads;
    }

    List<String> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    /** From now on latencies are kept. */
    void count() {
        counted = 0;
    }

    /** Lets the requests under way end, sends no more, and answers the latencies counted. */
    Latencies stop() throws InterruptedException {
        int size = Math.max(0, counted);
        stopping = true;
        selector.wakeup();
        thread.join(DRAIN_NANOS * 2 / 1_000_000);
        long[] whole = Arrays.copyOf(latencies, size);
        long[] first = Arrays.copyOf(firstBytes, size);
        Arrays.sort(whole);
        Arrays.sort(first);
        return new Latencies(whole, first);
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }

    private void loop() {
        try {
            for (var connection : connections) {
                connection.send();
            }
            long nextCheck = System.nanoTime();
            while (!stopping && errors < ERRORS_BORNE) {
                selector.select(this::handle, 200);
                long now = System.nanoTime();
                if (now - nextCheck > 0) {
                    nextCheck = now + 500_000_000L;
                    replaceStuck(now);
                }
            }
            drain();
        } catch (IOException e) {
            failed("the load generator stopped: " + e);
        }
    }

    private void drain() throws IOException {
        long until = System.nanoTime() + DRAIN_NANOS;
        while (System.nanoTime() - until < 0 && connections.stream().anyMatch(c -> c.busy)) {
            selector.select(this::handle, 50);
        }
    }

    private void replaceStuck(long now) throws IOException {
        for (var connection : connections) {
            if (connection.busy && now - connection.startNanos > PATIENCE_NANOS) {
                failed("no whole reply within 10 s: " + connection.reader.describe());
                connection.reopen();
            }
        }
    }

    private void handle(SelectionKey key) {
        var connection = (Connection) key.attachment();
        try {
            if (key.isValid() && key.isWritable()) {
                connection.flush();
            }
            if (key.isValid() && key.isReadable()) {
                connection.read();
            }
        } catch (IOException e) {
            connection.broken(e);
        }
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer, this loop
    private void failed(String what) {
        errors++;
        synchronized (problems) {
            if (problems.size() < ERRORS_KEPT) {
                problems.add(what);
            }
        }
    }

    private void keep(long whole, long first) {
        int at = counted;
        if (at < 0) {
            return;
        }
        if (at == latencies.length) {
            latencies = Arrays.copyOf(latencies, at * 2);
            firstBytes = Arrays.copyOf(firstBytes, at * 2);
        }
        latencies[at] = whole;
        firstBytes[at] = first;
        counted = at + 1;
    }

    private final class Connection {
        private SocketChannel channel;
        private SelectionKey key;
        private final ReplyReader reader;
        private final ByteBuffer out = ByteBuffer.allocateDirect(request.length).put(request);
        private long startNanos;
        private long firstNanos;
        private boolean busy;

        Connection() throws IOException {
            reader = new ReplyReader(slot.size(), slot.way());
            open();
        }

        private void open() throws IOException {
            channel = SocketChannel.open(target);
            channel.configureBlocking(false);
            if (target instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void reopen() throws IOException {
            key.cancel();
            channel.close();
            open();
            send();
        }

        void broken(IOException cause) {
            failed("the connection broke: " + cause + ": " + reader.describe());
            busy = false;
            try {
                reopen();
            } catch (IOException e) {
                failed("no new connection: " + e);
            }
        }

        void send() throws IOException {
            if (stopping) {
                busy = false;
                return;
            }
            busy = true;
            reader.reset();
            out.position(0).limit(request.length);
            firstNanos = 0;
            startNanos = System.nanoTime();
            flush();
        }

        void flush() throws IOException {
            channel.write(out);
            int wanted = SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
            if (key.interestOps() != wanted) {
                key.interestOps(wanted);
            }
        }

        @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer, this loop
        void read() throws IOException {
            in.clear();
            int count = channel.read(in);
            if (count < 0) {
                throw new IOException("closed by the server");
            }
            reads++;
            in.flip().get(data, 0, count);
            boolean ended = reader.accept(data, count);
            if (firstNanos == 0 && (ended || reader.begun())) {
                firstNanos = System.nanoTime();
            }
            if (ended) {
                ended();
            }
        }

        @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer, this loop
        private void ended() throws IOException {
            if (!busy) {
                throw new IOException("a reply without a request");
            }
            long now = System.nanoTime();
            if (reader.problem().isEmpty()) {
                completed++;
                keep(now - startNanos, firstNanos - startNanos);
            } else {
                failed(reader.problem() + ": " + reader.describe());
            }
            busy = false;
            if (reader.closes() || !reader.problem().isEmpty()) {
                reopen();
            } else {
                send();
            }
        }
    }
}

package dev.pillion.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The local vendor: one thread that reads each request wholly and answers at once.
 *
 * <p>Path and {@code "stream":true} in the body choose the answer. A streamed answer goes out one
 * event a write: one after the other without delay, or, for a model whose name ends with {@link
 * Payloads#DRIP}, one event a millisecond (or as many as it is given), the streams spread over that time.
 */
final class Upstream implements AutoCloseable {

    /** What was answered. */
    enum Kind {
        CHAT_JSON,
        CHAT_SSE,
        MESSAGES_JSON,
        MESSAGES_SSE,
        RESPONSES_JSON,
        RESPONSES_SSE,
        GEMINI_JSON,
        GEMINI_SSE,
        NOT_FOUND;

        static Kind of(Format format, boolean stream) {
            return valueOf(format.name() + (stream ? "_SSE" : "_JSON"));
        }
    }

    private static final int PHASES = 4;
    private static final EnumSet<Format> VENDORS = EnumSet.complementOf(EnumSet.of(Format.GENERATE));

    private static final String JSON_HEAD =
            """
            HTTP/1.1 %s
            content-type: application/json
            content-length: %d
            date: Sun, 22 Nov 2026 12:00:00 GMT
            x-request-id: req_bench_0123456789
            openai-processing-ms: 412
            x-ratelimit-limit-requests: 1000000
            x-ratelimit-remaining-requests: 999999
            x-ratelimit-remaining-tokens: 99999999
            x-ratelimit-reset-requests: 1ms

            """;

    private static final String SSE_HEAD =
            """
            HTTP/1.1 200 OK
            content-type: text/event-stream; charset=utf-8
            transfer-encoding: chunked
            cache-control: no-cache
            date: Sun, 22 Nov 2026 12:00:00 GMT
            x-request-id: req_bench_0123456789
            openai-processing-ms: 412
            x-ratelimit-remaining-requests: 999999

            """;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final Map<Kind, List<ByteBuffer>> answers = new TreeMap<>();
    private final Map<Kind, AtomicLong> served = new TreeMap<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
    private final List<List<Connection>> dripping = new ArrayList<>();
    private final long phaseNanos;
    private int phase;
    private long nextPhaseNanos;
    private final Thread thread = new Thread(this::loop, "bench-upstream");
    private volatile boolean closed;

    Upstream() throws IOException {
        this(1);
    }

    /**
     * Starts it.
     *
     * @param dripMillis between two events of a stream that drips
     */
    Upstream(int dripMillis) throws IOException {
        phaseNanos = dripMillis * 1_000_000L / PHASES;
        for (var format : VENDORS) {
            answers.put(Kind.of(format, false), json("200 OK", format.reply()));
            answers.put(Kind.of(format, true), sse(format.events()));
        }
        answers.put(Kind.NOT_FOUND, json("404 Not Found", Payloads.bytes("{\"error\":\"bench\"}")));
        for (var kind : Kind.values()) {
            served.put(kind, new AtomicLong());
        }
        for (int i = 0; i < PHASES; i++) {
            dripping.add(new ArrayList<>());
        }
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        thread.setDaemon(true);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    long served(Kind kind) {
        return served.get(kind).get();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        listener.close();
    }

    // ---- answers

    private static List<ByteBuffer> json(String status, byte[] body) {
        return List.of(direct(head(JSON_HEAD.formatted(status, body.length)), body));
    }

    private static List<ByteBuffer> sse(List<byte[]> events) {
        var writes = new ArrayList<ByteBuffer>();
        writes.add(direct(head(SSE_HEAD)));
        for (byte[] event : events) {
            byte[] size = Payloads.bytes(Integer.toHexString(event.length) + "\r\n");
            writes.add(direct(size, event, Payloads.bytes("\r\n")));
        }
        int last = writes.size() - 1;
        ByteBuffer end = writes.get(last);
        byte[] bytes = new byte[end.remaining()];
        end.get(0, bytes);
        writes.set(last, direct(bytes, Payloads.bytes("0\r\n\r\n")));
        return writes;
    }

    private static byte[] head(String text) {
        return Payloads.bytes(text.replace("\n", "\r\n"));
    }

    private static ByteBuffer direct(byte[]... pieces) {
        int size = 0;
        for (byte[] piece : pieces) {
            size += piece.length;
        }
        var buffer = ByteBuffer.allocateDirect(size);
        for (byte[] piece : pieces) {
            buffer.put(piece);
        }
        return buffer.flip();
    }

    // ---- the loop

    private void loop() {
        try {
            while (!closed) {
                if (dripping.stream().allMatch(List::isEmpty)) {
                    selector.select(this::handle);
                    nextPhaseNanos = System.nanoTime() + phaseNanos;
                } else {
                    LockSupport.parkNanos(nextPhaseNanos - System.nanoTime());
                    selector.selectNow(this::handle);
                    dripWhatIsDue();
                }
            }
            selector.close();
        } catch (IOException e) {
            System.err.println("bench: the upstream died: " + e);
        }
    }

    private void handle(SelectionKey key) {
        if (key.isValid() && key.isAcceptable()) {
            accept();
            return;
        }
        var connection = (Connection) key.attachment();
        try {
            if (key.isValid() && key.isReadable()) {
                connection.read();
            }
            if (key.isValid() && key.isWritable()) {
                connection.flush();
            }
        } catch (IOException e) {
            connection.drop(); // the proxy closed its side: nothing to answer any more
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            if (channel != null) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                var connection = new Connection(channel);
                connection.key = channel.register(selector, SelectionKey.OP_READ, connection);
            }
        } catch (IOException e) {
            if (!closed) {
                System.err.println("bench: the upstream cannot accept: " + e);
            }
        }
    }

    /** One event for each stream of the phases that are due. */
    private void dripWhatIsDue() {
        while (System.nanoTime() - nextPhaseNanos >= 0) {
            nextPhaseNanos += phaseNanos;
            phase = (phase + 1) % PHASES;
            dripping.get(phase).removeIf(connection -> !drip(connection));
        }
    }

    private static boolean drip(Connection connection) {
        try {
            return connection.writeNext();
        } catch (IOException e) {
            connection.drop(); // the proxy left in the middle of the stream
            return false;
        }
    }

    /** One connection; a request is answered before the next one is looked at. */
    private final class Connection {
        private final SocketChannel channel;
        private SelectionKey key;
        private byte[] data = new byte[80 * 1024];
        private int length;
        private List<ByteBuffer> answer = List.of();
        private int next;
        private ByteBuffer pending;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void read() throws IOException {
            in.clear();
            int count = channel.read(in);
            if (count < 0) {
                drop();
                return;
            }
            if (length + count > data.length) {
                data = Arrays.copyOf(data, Math.max(data.length * 2, length + count));
            }
            in.flip().get(data, length, count);
            length += count;
            if (next >= answer.size() && pending == null) {
                answerIfComplete();
            }
        }

        private void answerIfComplete() throws IOException {
            int end = RequestBytes.end(data, length);
            if (end < 0) {
                return;
            }
            Kind kind = kind(end);
            boolean drips = RequestBytes.near(data, end, RequestBytes.DRIP) >= 0;
            System.arraycopy(data, end, data, 0, length - end);
            length -= end;
            served.get(kind).incrementAndGet();
            answer = answers.get(kind);
            next = 0;
            if (answer.size() > 1 && drips) {
                dripping.get(served.get(kind).intValue() % PHASES).add(this);
            } else {
                writeAll();
            }
        }

        private void writeAll() throws IOException {
            while (writeNext()) {
                // one event a write, until all are out or the socket is full
            }
        }

        private Kind kind(int end) {
            String path = RequestBytes.path(data, end);
            for (var format : VENDORS) {
                if (path.startsWith(format.path)) {
                    boolean stream =
                            format == Format.GEMINI
                                    ? path.endsWith(":streamGenerateContent")
                                    : RequestBytes.wantsStream(data, end);
                    return Kind.of(format, stream);
                }
            }
            System.err.println("bench: the upstream was asked for " + path);
            return Kind.NOT_FOUND;
        }

        /** Writes one event; false when the answer is complete or has to wait for the socket. */
        boolean writeNext() throws IOException {
            if (pending != null || next >= answer.size()) {
                return false;
            }
            var write = answer.get(next++).duplicate();
            channel.write(write);
            if (write.hasRemaining()) {
                pending = write;
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return false;
            }
            return next < answer.size();
        }

        /** Goes on with what the socket had no room for. */
        void flush() throws IOException {
            channel.write(pending);
            if (!pending.hasRemaining()) {
                pending = null;
                key.interestOps(SelectionKey.OP_READ);
                writeAll();
            }
        }

        void drop() {
            next = answer.size();
            pending = null;
            key.cancel();
            try {
                channel.close();
            } catch (IOException e) {
                System.err.println("bench: the upstream cannot close: " + e);
            }
        }
    }
}

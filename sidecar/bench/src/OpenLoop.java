package dev.pillion.bench;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at times that were planned beforehand, whoever is slow: a Poisson process, the same for
 * all. Latency counts from the time that was planned, so that a stall is felt by all that it delays.
 */
final class OpenLoop implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 512;
    private static final long POLL_NANOS = 50_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final SocketAddress target;
    private final Slot slot;
    private final byte[] request;
    private final Selector selector = Selector.open();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final List<Connection> all = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] data = new byte[64 * 1024];
    private long[] latencies = new long[1 << 12];
    private int answered;
    private int failed;
    private String problem = "";

    /**
     * What came of it.
     *
     * @param nanos of the right answers, in ascending order
     * @param failed requests without a right answer, or that found no connection free
     */
    record Outcome(long[] nanos, int failed, String problem) {
        double micros(double quantile) {
            return Load.Latencies.micros(nanos, quantile);
        }
    }

    OpenLoop(SocketAddress target, Slot slot) throws IOException {
        this.target = target;
        this.slot = slot;
        this.request = Load.request(target, slot);
    }

    /** Asks at that rate for so long. */
    Outcome run(int perSecond, double seconds, long seed) throws IOException {
        var random = new Random(seed);
        long began = System.nanoTime();
        long end = began + (long) (seconds * 1e9);
        long planned = began;
        while (true) {
            planned += (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
            if (planned - end > 0) {
                break;
            }
            while (System.nanoTime() - planned < 0) {
                selector.selectNow(this::handle);
                LockSupport.parkNanos(Math.min(POLL_NANOS, planned - System.nanoTime()));
            }
            send(planned);
        }
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (idle.size() < all.size() && System.nanoTime() - until < 0) {
            selector.select(this::handle, 10);
        }
        failed += all.size() - idle.size();
        long[] sorted = Arrays.copyOf(latencies, answered);
        Arrays.sort(sorted);
        return new Outcome(sorted, failed, problem);
    }

    @Override
    public void close() throws IOException {
        all.forEach(Connection::close);
        selector.close();
    }

    private void send(long planned) throws IOException {
        Connection free = idle.pollFirst();
        if (free == null && all.size() == MOST_CONNECTIONS) {
            fail("more than " + MOST_CONNECTIONS + " requests under way");
            return;
        }
        if (free == null) {
            free = new Connection();
            all.add(free);
        }
        free.send(planned);
    }

    private void fail(String what) {
        failed++;
        problem = problem.isEmpty() ? what : problem;
    }

    private void handle(SelectionKey key) {
        var connection = (Connection) key.attachment();
        try {
            connection.read();
        } catch (IOException e) {
            if (!idle.remove(connection)) { // One that nothing is asked on may be closed.
                fail("the connection broke: " + e);
            }
            all.remove(connection);
            connection.close();
        }
    }

    private final class Connection {
        private final SocketChannel channel = SocketChannel.open(target);
        private final ReplyReader reader = new ReplyReader(slot.size(), slot.way());
        private long planned;

        Connection() throws IOException {
            channel.configureBlocking(false);
            channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                fail("the connection can't be closed: " + e);
            }
        }

        void send(long planned) throws IOException {
            this.planned = planned;
            reader.reset();
            var out = ByteBuffer.wrap(request);
            while (out.hasRemaining()) {
                channel.write(out); // a request of 1 KB finds room
            }
        }

        void read() throws IOException {
            in.clear();
            int count = channel.read(in);
            if (count < 0) {
                throw new IOException("closed by the server");
            }
            in.flip().get(data, 0, count);
            if (!reader.accept(data, count)) {
                return;
            }
            if (reader.problem().isEmpty()) {
                if (answered == latencies.length) {
                    latencies = Arrays.copyOf(latencies, 2 * answered);
                }
                latencies[answered++] = System.nanoTime() - planned;
            } else {
                fail(reader.problem());
            }
            idle.addFirst(this);
        }
    }
}

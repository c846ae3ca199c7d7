package dev.pillion.sidecar.upstream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server on a raw socket; each connection runs a script. Counts and remembers what it saw. */
final class FakeVendor implements AutoCloseable {
    static final long PATIENCE_SECONDS = 20;

    /** What one connection does. */
    interface Script {
        void run(Peer peer) throws Exception;
    }

    /** One request as it came. */
    record Request(String line, List<String> fields, String body) {

        String header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            for (String field : fields) {
                if (field.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    return field.substring(prefix.length()).strip();
                }
            }
            return "";
        }
    }

    private final ServerSocket server;
    private final @Nullable SSLContext tls;
    private final Consumer<SSLSocket> setUp;
    private volatile long lastSentNanos;
    private final Script script;
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> closings = new LinkedBlockingQueue<>();

    private FakeVendor(
            ServerSocket server,
            @Nullable SSLContext tls,
            Consumer<SSLSocket> setUp,
            Script script) {
        this.server = server;
        this.tls = tls;
        this.setUp = setUp;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    static FakeVendor plain(Script script) throws IOException {
        return new FakeVendor(local(), null, socket -> {}, script);
    }

    static FakeVendor tls(SSLContext tls, Script script) throws IOException {
        return tls(tls, socket -> {}, script);
    }

    /** With more to set on each socket before its handshake. */
    static FakeVendor tls(SSLContext tls, Consumer<SSLSocket> setUp, Script script)
            throws IOException {
        return new FakeVendor(local(), tls, setUp, script);
    }

    private static ServerSocket local() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Answers every request with 200 and the number of its connection. */
    static FakeVendor polite() throws IOException {
        return plain(FakeVendor::answerAll);
    }

    /** The same at a certain address and port. */
    static FakeVendor polite(int port, byte[] address) throws IOException {
        var server = new ServerSocket(port, 50, InetAddress.getByAddress(address));
        return new FakeVendor(server, null, socket -> {}, FakeVendor::answerAll);
    }

    static void answerAll(Peer peer) throws IOException {
        while (peer.read() != null) {
            peer.answer("connection " + peer.number());
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                int number = accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> run(socket, number));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void run(Socket socket, int number) {
        try (socket) {
            Socket used = socket;
            if (tls != null) {
                var secure =
                        (SSLSocket)
                                tls.getSocketFactory()
                                        .createSocket(socket, null, socket.getPort(), true);
                secure.setUseClientMode(false);
                setUp.accept(secure);
                secure.startHandshake();
                used = secure;
            }
            script.run(new Peer(this, used, socket, number));
        } catch (Exception e) {
            closings.add("connection " + number + ": " + e);
        }
    }

    URI base() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + port());
    }

    int port() {
        return server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    Request awaitRequest() throws InterruptedException {
        Request request = requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came; " + closings);
        }
        return request;
    }

    /** Waits until a script has seen the client close. */
    String awaitClosing() throws InterruptedException {
        String closing = closings.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (closing == null) {
            throw new AssertionError("no connection was closed");
        }
        return closing;
    }

    /** Whether a script that sends on and on has not got rid of anything for a while. */
    boolean isStuck() {
        return lastSentNanos != 0 && System.nanoTime() - lastSentNanos > 200_000_000;
    }

    /** Ends all connections with a RST. */
    void resetAll() throws IOException {
        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The vendor's end of a connection. */
    static final class Peer {
        private final FakeVendor vendor;
        private final Socket used;
        private final Socket raw;
        private final InputStream in;
        private final OutputStream out;
        private final int number;

        Peer(FakeVendor vendor, Socket used, Socket raw, int number) throws IOException {
            this.vendor = vendor;
            this.used = used;
            this.raw = raw;
            this.in = new BufferedInputStream(used.getInputStream());
            this.out = used.getOutputStream();
            this.number = number;
        }

        int number() {
            return number;
        }

        /** With TLS, if there is any. */
        Socket socket() {
            return used;
        }

        Socket raw() {
            return raw;
        }

        InputStream in() {
            return in;
        }

        OutputStream out() {
            return out;
        }

        /** The next request, null when the client has closed. */
        @Nullable Request read() throws IOException {
            String line = line();
            if (line.isEmpty()) {
                return null;
            }
            var fields = new java.util.ArrayList<String>();
            int length = 0;
            for (String field = line(); !field.isEmpty(); field = line()) {
                fields.add(field);
                if (field.startsWith("content-length:")) {
                    length = Integer.parseInt(field.substring(15).strip());
                }
            }
            byte[] body = in.readNBytes(length);
            var request = new Request(line, fields, new String(body, StandardCharsets.ISO_8859_1));
            vendor.requests.add(request);
            return request;
        }

        private String line() throws IOException {
            var text = new StringBuilder();
            int b = in.read();
            while (b >= 0 && b != '\n') {
                if (b != '\r') {
                    text.append((char) b);
                }
                b = in.read();
            }
            return text.toString();
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            vendor.lastSentNanos = System.nanoTime();
        }

        void answer(String body, String... fields) throws IOException {
            send(okHead("content-length: " + body.length(), fields) + body);
        }

        /** Ends the connection with a RST. */
        void reset() throws IOException {
            raw.setSoLinger(true, 0);
            raw.close();
        }

        /** Waits for the client to close, and notes it. */
        void awaitClosed() {
            try {
                while (in.read() >= 0) {
                    // what still came is of no interest
                }
                vendor.closings.add("connection " + number + ": closed");
            } catch (IOException e) {
                vendor.closings.add("connection " + number + ": " + e.getMessage());
            }
        }
    }

    static String okHead(String field, String... more) {
        return "HTTP/1.1 200 OK\r\n"
                + field
                + "\r\n"
                + String.join("", List.of(more).stream().map(f -> f + "\r\n").toList())
                + "\r\n";
    }
}

package dev.pillion.sidecar.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly the bytes it is told, and knows just enough HTTP to read answers. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;

    private RawClient(SocketChannel channel) {
        this.channel = channel;
        this.in = Channels.newInputStream(channel);
    }

    /** One answer; the body with its framing taken off. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, Map<String, String> headers, byte[] body, boolean complete) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    static RawClient tcp(InetSocketAddress address) throws IOException {
        return new RawClient(SocketChannel.open(address));
    }

    /** One with a small receive buffer, so that a server soon notices that nobody reads. */
    static RawClient slow(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.connect(address);
        return new RawClient(channel);
    }

    static RawClient unix(Path path) throws IOException {
        SocketAddress address = UnixDomainSocketAddress.of(path);
        return new RawClient(SocketChannel.open(address));
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    /** The lines of a head, each with its end, and the empty one. */
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** A request with a body of stated length. */
    RawClient post(String path, byte[] body) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nhost: localhost\r\ncontent-length: " + body.length);
        return send("\r\n\r\n").send(body);
    }

    RawClient get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nhost: localhost\r\n\r\n");
    }

    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Leaves with everything said. */
    void leave() throws IOException {
        channel.close();
    }

    /** Leaves with a reset. */
    void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    /** The next byte, or -1 at the end. */
    int read() throws IOException {
        return in.read();
    }

    /** Whether the server has closed, after nothing more. */
    boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (IOException e) { // a reset is an end, too
            return true;
        }
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed after: " + line.toString(StandardCharsets.UTF_8));
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    Answer answer() throws IOException {
        return answer(false);
    }

    /** For HEAD, a length is stated and no body comes. */
    Answer answer(boolean toHead) throws IOException {
        String status = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int code = Integer.parseInt(status.split(" ", 3)[1]);
        if (toHead || code == 100 || code == 204 || code == 304) {
            return new Answer(code, headers, new byte[0], true);
        }
        String length = headers.get("content-length");
        if (length != null) {
            byte[] body = in.readNBytes(Integer.parseInt(length));
            return new Answer(code, headers, body, body.length == Integer.parseInt(length));
        }
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            return chunked(code, headers);
        }
        return new Answer(code, headers, in.readAllBytes(), true);
    }

    private Answer chunked(int code, Map<String, String> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.write(in.readNBytes(size));
                line();
            }
            return new Answer(code, headers, body.toByteArray(), line().isEmpty());
        } catch (IOException e) {
            return new Answer(code, headers, body.toByteArray(), false);
        }
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package dev.pillion.sidecar.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A small blocking HTTP/1.1 client over a Unix socket, one connection a request. */
final class SocketClient {
    private static final int MAX_LINE_BYTES = 64 << 10;

    private final Path socket;

    SocketClient(Path socket) {
        this.socket = socket;
    }

    /** An answer; reading the body reads from the socket. */
    record Answer(int status, Map<String, String> headers, InputStream body)
            implements AutoCloseable {

        @Nullable String header(String name) {
            return headers.get(name);
        }

        byte[] bytes() {
            try {
                return body.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Sends one request; {@link Exit.Failure} with {@link Exit#UNREACHABLE} if nobody listens. */
    Answer send(String method, String path, Map<String, String> headers, byte[] requestBody) {
        SocketChannel channel = connect();
        try {
            var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nhost: localhost\r\n");
            headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
            head.append("connection: close\r\ncontent-length: ")
                    .append(requestBody.length)
                    .append("\r\n\r\n");
            write(channel, head.toString().getBytes(StandardCharsets.UTF_8));
            write(channel, requestBody);
            return read(new BufferedInputStream(Channels.newInputStream(channel)));
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private SocketChannel connect() {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw unreachable(e);
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel, IOException cause) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private Exit.Failure unreachable(IOException e) {
        return new Exit.Failure(
                Exit.UNREACHABLE,
                "no daemon answers at "
                        + socket
                        + " ("
                        + e.getMessage()
                        + "); start one with 'pillion run', or name its socket with --socket,"
                        + " --admin-socket or their variables");
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static Answer read(InputStream in) throws IOException {
        String[] status = line(in).split(" ", 3);
        if (status.length < 2) {
            throw new IOException("not an HTTP answer");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
                headers.put(name, line.substring(colon + 1).strip());
            }
        }
        boolean chunked = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
        String length = headers.get("content-length");
        InputStream body = in;
        if (chunked) {
            body = new Chunks(in);
        } else if (length != null) {
            body = new Limited(in, Long.parseLong(length));
        }
        return new Answer(Integer.parseInt(status[1]), headers, body);
    }

    private static String line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream(80);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || bytes.size() > MAX_LINE_BYTES) {
                throw new EOFException("the connection was closed");
            }
            if (b != '\r') {
                bytes.write(b);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** A body of stated length; an early end is an error. */
    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;

        Limited(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the answer was cut");
            }
            left--;
            return b;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0 || length == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = in.read(to, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer was cut");
            }
            left -= count;
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** A chunked body; an end without the last chunk is an error. */
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private long left;
        private boolean first = true;
        private boolean ended;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            if (left == 0 && !nextChunk()) {
                return -1;
            }
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the answer was cut");
            }
            left--;
            return b;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0 && !nextChunk()) {
                return -1;
            }
            int count = in.read(to, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer was cut");
            }
            left -= count;
            return count;
        }

        private boolean nextChunk() throws IOException {
            if (ended) {
                return false;
            }
            if (!first) {
                line(in);
            }
            first = false;
            String size = line(in).split(";", 2)[0].strip();
            left = Long.parseLong(size, 16);
            ended = left == 0;
            return !ended;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

package dev.pillion.sidecar;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A vendor on a raw socket that answers each request by the test's own script. */
final class RawVendor implements AutoCloseable {
    /** One request; its body as ISO-8859-1, so that bytes and characters are the same. */
    record Request(String line, List<String> fields, String body) {
        String header(String name) {
            String prefix = name + ":";
            return fields.stream()
                    .filter(f -> f.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(f -> f.substring(prefix.length()).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    /** What is answered; closing the connection is closing the stream. */
    interface Script {
        void answer(Request request, OutputStream out) throws Exception;
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile Script script = (_, out) -> send(out, ok("ok"));

    RawVendor() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String origin() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    void script(Script next) {
        requests.clear();
        script = next;
    }

    static String ok(String body, String... fields) {
        return "HTTP/1.1 200 OK\r\n" + rest(body, fields);
    }

    static String rest(String body, String... fields) {
        StringBuilder text = new StringBuilder();
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text + "content-length: " + body.length() + "\r\n\r\n" + body;
    }

    static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Request next = read(in); next != null; next = read(in)) {
                requests.add(next);
                script.answer(next, socket.getOutputStream());
            }
        } catch (Exception e) {
            // the other side has gone, which some tests want
        }
    }

    private static Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        List<String> fields = new ArrayList<>();
        int length = 0;
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            fields.add(field);
            if (field.startsWith("content-length:")) {
                length = Integer.parseInt(field.substring(15).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        return new Request(line, fields, new String(body, StandardCharsets.ISO_8859_1));
    }

    private static String line(InputStream in) throws IOException {
        var text = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}

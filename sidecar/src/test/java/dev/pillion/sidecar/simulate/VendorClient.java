package dev.pillion.sidecar.simulate;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Two clients of a simulator: the JDK's, and a bare socket that sees every byte. */
final class VendorClient implements AutoCloseable {
    static final String PLAIN =
            """
            {"model":"claude-haiku-4-5","max_tokens":200,
             "messages":[{"role":"user","content":"How tall is the Säntis?"}]}\
            """;
    static final String STREAM = PLAIN.replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Simulator simulator;

    VendorClient(Simulator simulator) {
        this.simulator = simulator;
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<byte[]> postForBytes(String path, String body) throws Exception {
        return http.send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<String> send(String method, String path) throws Exception {
        return http.send(
                request(path).method(method, HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(simulator.origin() + path))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", "application/json")
                .header("authorization", "Bearer a-key");
    }

    /** Opens a socket and sends one request to it. */
    Socket open(String path, String body) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port());
        socket.setSoTimeout(20_000);
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a-key\r\n"
                        + "content-type: application/json\r\ncontent-length: "
                        + bytes.length
                        + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return socket;
    }

    /** Reads until a text has come. */
    static String readUntil(Socket socket, String text) throws IOException {
        var read = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (read.indexOf(text) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after: " + read);
            }
            read.append((char) b);
        }
        return read.toString();
    }

    /** Reads until the other side closes. */
    static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        http.close();
    }
}

package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pillion.adapters.corpus.Recording;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A vendor on a real socket that gives the recorded answer, whatever it is asked, and keeps what it
 * was asked. Streams go out in pieces that know nothing of their events.
 */
final class RecordedVendor implements AutoCloseable {
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "content-encoding", "connection", "date");
    private static final int MAX_PIECES = 5;

    static {
        // Else it writes head and body apart, and waits for the one to be acknowledged.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** A request as it came in; header names in lower case. */
    @SuppressWarnings("ArrayRecordComponent")
    record Seen(String target, Map<String, String> headers, byte[] body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private volatile Recording answer;

    RecordedVendor() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What the next requests get. */
    void play(Recording recording) {
        answer = recording;
        seen.clear();
    }

    /** What was asked since. */
    List<Seen> seen() {
        return List.copyOf(seen);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        byte[] body = exchange.getRequestBody().readAllBytes();
        String target = exchange.getRequestURI().toString();
        seen.add(new Seen(target, headers, body));
        Recording recording = answer;
        // Some recorders leave out what every vendor sends.
        String type = recording.isStream() ? "text/event-stream" : "application/json";
        exchange.getResponseHeaders().set("content-type", type);
        recording
                .replyHeaders()
                .forEach((name, value) -> {
                    if (!FRAMING.contains(name)) {
                        exchange.getResponseHeaders().set(name, value);
                    }
                });
        boolean events = target.contains("alt=sse") && arrayOf(recording) != null;
        byte[] bytes = bytes(recording, events);
        boolean stream = recording.isStream() || arrayOf(recording) != null;
        if (events) {
            exchange.getResponseHeaders().set("content-type", "text/event-stream");
        }
        exchange.sendResponseHeaders(recording.status(), stream ? 0 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            write(bytes, stream ? new Random(recording.id().hashCode()) : null, out);
        }
        exchange.close();
    }

    /** Whether the recorded answer is a stream, in either form. */
    boolean streams(Recording recording) {
        return recording.isStream() || arrayOf(recording) != null;
    }

    /** The elements of a stream that was recorded as one array; null where it was none. */
    static JsonNode arrayOf(Recording recording) {
        return recording.body() != null && recording.body().isArray() ? recording.body() : null;
    }

    /** The recorded bytes; where an array was recorded and events are asked for, its elements. */
    static byte[] bytes(Recording recording, boolean events) {
        if (events) {
            var text = new StringBuilder();
            arrayOf(recording)
                    .forEach(each -> text.append("data: ").append(each).append("\r\n\r\n"));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        String text = recording.isStream() ? recording.text() : recording.body().toString();
        // One recorder indents.
        return text.stripLeading().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(byte[] bytes, Random cuts, OutputStream out) throws IOException {
        int at = 0;
        for (int piece = 1; cuts != null && piece < MAX_PIECES && at < bytes.length; piece++) {
            int length = Math.min(bytes.length - at, 1 + cuts.nextInt(bytes.length));
            out.write(bytes, at, length);
            out.flush();
            at += length;
        }
        out.write(bytes, at, bytes.length - at);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}

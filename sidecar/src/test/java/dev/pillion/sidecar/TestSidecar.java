package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.simulate.Simulator;
import dev.pillion.sidecar.telemetry.Diagnostics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A daemon on free ports and real sockets, with the simulated vendors behind it. */
final class TestSidecar implements AutoCloseable {
    /** Both vendors, with timeouts short enough for a test that waits for them. */
    static final String CONFIG =
            """
            version: 1
            providers:
              anthropic: {base_url: "%s", keys: [{id: a1, value: canary-key-a}],
                timeouts: {connect: 2s, first_byte: 2s, first_byte_unstreamed: 2s, idle: 2s}}
              openai: {base_url: "%s", keys: [{id: o1, value: canary-key-o}],
                timeouts: {connect: 2s, first_byte: 2s, first_byte_unstreamed: 2s, idle: 2s}}
            """;

    /** The same, asked in a written order. */
    static final String ORDERED =
            CONFIG
                    + """
                    routing:
                      classes:
                        balanced: {order: [anthropic/claude-sonnet-5-5, openai/gpt-6.1-terra]}
                    """;

    /** All vendors. */
    static final String FOUR =
            CONFIG
                    + """
                      gemini: {base_url: "%s", keys: [{id: g1, value: canary-key-g}],
                        timeouts: {connect: 2s, first_byte: 2s, first_byte_unstreamed: 2s, idle: 2s}}
                      xai: {base_url: "%s", keys: [{id: x1, value: canary-key-x}],
                        timeouts: {connect: 2s, first_byte: 2s, first_byte_unstreamed: 2s, idle: 2s}}
                    """;

    final Simulator anthropic;
    final Simulator openai;
    final Simulator gemini;
    final Simulator xai;
    Sidecar sidecar;
    final Path directory;
    final List<String> diagnostics = Collections.synchronizedList(new ArrayList<>());
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestSidecar(String config, boolean keepLog) throws Exception {
        this.anthropic = Simulator.start(Simulator.Options.anthropic());
        this.openai = Simulator.start(Simulator.Options.openAi());
        this.gemini = Simulator.start(Simulator.Options.gemini());
        this.xai = Simulator.start(Simulator.Options.xai());
        this.directory = Files.createTempDirectory("pillion-test");
        Files.writeString(
                configFile(),
                config.formatted(
                        anthropic.origin(), openai.origin(), gemini.origin(), xai.origin()));
        this.sidecar = Sidecar.start(options(keepLog ? log : OutputStream.nullOutputStream()));
    }

    static TestSidecar start() throws Exception {
        return start(CONFIG);
    }

    static TestSidecar start(String config) throws Exception {
        return start(config, true);
    }

    /** Without a request log, for runs whose log would be the largest thing in memory. */
    static TestSidecar startWithoutLog() throws Exception {
        return start(CONFIG, false);
    }

    private static TestSidecar start(String config, boolean keepLog) throws Exception {
        return new TestSidecar(config, keepLog);
    }

    /** Ends the daemon and starts another one with the same configuration and state. */
    void restart() throws Exception {
        sidecar.close();
        sidecar = Sidecar.start(options(log));
    }

    Path configFile() {
        return directory.resolve("pillion.yaml");
    }

    private SidecarOptions options(OutputStream requestLog) {
        return new SidecarOptions(
                configFile(),
                directory.resolve("p.sock"),
                "0660",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                false,
                null,
                directory.resolve("admin.sock"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                directory.resolve("state"),
                Ledger.Retention.DEFAULT,
                null,
                1,
                32 << 20,
                64L << 20,
                Duration.ofSeconds(10),
                "test",
                "test",
                Map.of(),
                requestLog,
                Diagnostics.lines(diagnostics::add));
    }

    /** The simulated vendor of that name. */
    Simulator vendor(String name) {
        return switch (name) {
            case "anthropic" -> anthropic;
            case "openai" -> openai;
            case "gemini" -> gemini;
            case "xai" -> xai;
            default -> throw new IllegalArgumentException(name);
        };
    }

    URI uri(String path) {
        InetSocketAddress tcp = Objects.requireNonNull(sidecar.tcpAddress());
        return URI.create("http://127.0.0.1:" + tcp.getPort() + path);
    }

    URI probe(String path) {
        InetSocketAddress probes = Objects.requireNonNull(sidecar.probesAddress());
        return URI.create("http://127.0.0.1:" + probes.getPort() + path);
    }

    HttpResponse<String> get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(60))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(
                request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    static JsonNode json(HttpResponse<String> answer) throws MalformedJson {
        return Json.read(answer.body());
    }

    /** What the admin socket answers. */
    JsonNode admin(String target) throws Exception {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(directory.resolve("admin.sock")));
            String request =
                    "GET " + target + " HTTP/1.1\r\nhost: pillion\r\nconnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            String text = new String(answer, StandardCharsets.UTF_8);
            return Json.read(text.substring(text.indexOf("\r\n\r\n") + 4));
        }
    }

    /** The request log, once the daemon is closed. */
    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        sidecar.close();
        anthropic.close();
        openai.close();
        gemini.close();
        xai.close();
        http.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

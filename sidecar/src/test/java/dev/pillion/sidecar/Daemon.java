package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code pillion run} as a process of its own, with everything that it writes in files. */
final class Daemon implements AutoCloseable {
    private static final Pattern TCP = Pattern.compile("tcp:127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern PROBES = Pattern.compile("probes on 127\\.0\\.0\\.1:(\\d+)");
    private static final int START_STEPS = 600;

    final Path directory;
    private final Process process;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int tcpPort;
    private final int probesPort;

    private Daemon(Path directory, Process process) throws Exception {
        this.directory = directory;
        this.process = process;
        this.tcpPort = port(TCP);
        this.probesPort = port(PROBES);
    }

    /**
     * Starts it, with flags after the usual ones.
     *
     * @param out where its standard output goes; null: a file
     */
    static Daemon start(
            String config,
            Map<String, String> environment,
            ProcessBuilder.Redirect out,
            String... flags)
            throws Exception {
        return startIn(
                Files.createTempDirectory("pillion-daemon"), config, environment, out, flags);
    }

    /** The same in that directory, where another may have run before. */
    static Daemon startIn(
            Path directory,
            String config,
            Map<String, String> environment,
            ProcessBuilder.Redirect out,
            String... flags)
            throws Exception {
        Files.writeString(directory.resolve("pillion.yaml"), config);
        List<String> command = new ArrayList<>(java());
        command.addAll(
                List.of(
                        "run",
                        "--config=" + directory.resolve("pillion.yaml"),
                        "--socket=" + directory.resolve("p.sock"),
                        "--admin-socket=" + directory.resolve("admin.sock"),
                        "--state-dir=" + directory.resolve("state"),
                        "--tcp=127.0.0.1:0",
                        "--probes=127.0.0.1:0",
                        "--drain-seconds=5"));
        command.addAll(List.of(flags));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectError(directory.resolve("err").toFile())
                        .redirectOutput(
                                out == null
                                        ? ProcessBuilder.Redirect.to(
                                                directory.resolve("out").toFile())
                                        : out);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PILLION_") || name.endsWith("_OPTIONS"));
        builder.environment().putAll(environment);
        return new Daemon(directory, builder.start());
    }

    /** The command that runs our main class as these tests are run. */
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                "dev.pillion.sidecar.Main");
    }

    /** As the distribution has it: without what only tests need to log. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("slf4j"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private int port(Pattern pattern) throws Exception {
        for (int i = 0; i < START_STEPS; i++) {
            Matcher found = pattern.matcher(err());
            if (found.find()) {
                return Integer.parseInt(found.group(1));
            }
            assertTrue(process.isAlive(), this::errQuietly);
            Thread.sleep(50);
        }
        throw new AssertionError("it does not start: " + err());
    }

    int tcpPort() {
        return tcpPort;
    }

    Process process() {
        return process;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + tcpPort + path);
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(30))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    String probe(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + probesPort + path);
        return send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build()).body();
    }

    /** Bytes to the data port, and what comes back until it closes or is silent. */
    String raw(String text) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), tcpPort)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Sends requests at once, the last of which asks to close, and reads their answers. */
    String pipelined(String requests) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), tcpPort)) {
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            byte[] answers = socket.getInputStream().readAllBytes();
            return new String(answers, StandardCharsets.ISO_8859_1);
        }
    }

    /** A whole answer of the admin socket. */
    String admin(String line) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(directory.resolve("admin.sock")));
            String request =
                    line
                            + " HTTP/1.1\r\nhost: pillion\r\nconnection: close\r\n"
                            + "content-length: 0\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            return new String(answer, StandardCharsets.UTF_8);
        }
    }

    String out() throws IOException {
        return Files.readString(directory.resolve("out"));
    }

    String err() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    private String errQuietly() {
        try {
            return err();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** SIGTERM; false when it had to be killed after so long. */
    boolean stop(Duration patience) throws InterruptedException {
        process.destroy();
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        return ended;
    }

    /** SIGKILL; what it wrote stays. */
    void kill() {
        process.destroyForcibly().onExit().join();
        http.shutdownNow();
        http.close();
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

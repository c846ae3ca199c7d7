package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The process that is soaked, seen from outside: by its sockets, its signals and {@code /proc}. */
final class SoakDaemon implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final int STOP_SECONDS = 15;

    private final Path directory;
    private final Process process;
    private final int tcp;
    private final int probes;

    /**
     * Starts it and waits until it is ready.
     *
     * @param command what {@code run} and its flags are appended to
     * @param environment added to ours
     */
    SoakDaemon(Path directory, List<String> command, Map<String, String> environment, String config)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.tcp = freePort();
        this.probes = freePort();
        configure(config);
        List<String> words = new ArrayList<>(command);
        words.addAll(
                List.of(
                        "run",
                        "--config=" + config(),
                        "--socket=" + directory.resolve("p.sock"),
                        "--admin-socket=" + directory.resolve("admin.sock"),
                        "--state-dir=" + directory.resolve("state"),
                        "--tcp=127.0.0.1:" + tcp,
                        "--probes=127.0.0.1:" + probes,
                        "--drain-seconds=5"));
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(directory.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PILLION_"));
        builder.environment().putAll(environment);
        this.process = builder.start();
        try {
            await("it is ready", START, _ -> probe("/readyz").contains(" 200 "));
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path config() {
        return directory.resolve("pillion.yaml");
    }

    /** Writes the document; it is in force after the next reload. */
    void configure(String document) throws IOException {
        Path fresh = directory.resolve("pillion.yaml.new");
        Files.writeString(fresh, document);
        Files.move(fresh, config(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    SocketAddress tcp() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp);
    }

    SocketAddress unix() {
        return UnixDomainSocketAddress.of(directory.resolve("p.sock"));
    }

    /** A whole answer of the probes; empty where nobody listens yet. */
    String probe(String path) {
        try {
            return ask(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), probes), "GET " + path);
        } catch (IOException e) {
            return ""; // asked again, or missed, by whoever asks
        }
    }

    /** A whole answer of the admin socket. */
    String admin(String line) throws IOException {
        return ask(UnixDomainSocketAddress.of(directory.resolve("admin.sock")), line);
    }

    private static String ask(SocketAddress where, String line) throws IOException {
        try (var channel = SocketChannel.open(where)) {
            String request =
                    line
                            + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
                            + "content-length: 0\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            return new String(answer, StandardCharsets.UTF_8);
        }
    }

    JsonNode adminJson(String line) throws IOException {
        String answer = admin(line);
        try {
            return Json.read(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        } catch (MalformedJson e) {
            throw new IOException(line + " is answered by " + answer, e);
        }
    }

    /** The sum of a metric's samples whose labels contain these; 0 where there are none. */
    static long metric(String metrics, String name, String labels) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> line.contains(labels))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    long metric(String name) {
        return metric(probe("/metrics"), name, "");
    }

    /** Looks until the condition holds; the patience is there for whatever never ends. */
    void await(String what, Duration patience, Predicate<SoakDaemon> condition)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.test(this)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                String how = process.isAlive() ? "not within " + patience : "it ended, and not";
                throw new IOException(how + ": " + what + "\n" + err());
            }
            Thread.sleep(STEP);
        }
    }

    void hangUpSignal() throws IOException, InterruptedException {
        run("sh", "-c", "kill -HUP " + process.pid());
    }

    /** What {@code jcmd} says; a full collection is part of {@code GC.class_histogram}. */
    List<String> jcmd(String... words) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> command = new ArrayList<>(List.of(tool.toString()));
        command.add(Long.toString(process.pid()));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    private static List<String> run(String... command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        tool.getOutputStream().close();
        byte[] said = tool.getInputStream().readAllBytes();
        String text = new String(said, StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + text);
        }
        return text.lines().toList();
    }

    long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(proc("fd"))) {
            return open.count();
        }
    }

    /** What the descriptors are, by kind and file, and how many of each. */
    Map<String, Integer> openFiles() throws IOException {
        Map<String, Integer> files = new HashMap<>();
        try (Stream<Path> open = Files.list(proc("fd"))) {
            for (Path each : open.toList()) {
                files.merge(target(each), 1, Integer::sum);
            }
        }
        return files;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().replaceAll(":\\[\\d+]", "");
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    /** The threads by name, and how many have it. */
    Map<String, Integer> threads() throws IOException {
        Map<String, Integer> threads = new HashMap<>();
        try (Stream<Path> tasks = Files.list(proc("task"))) {
            for (Path task : tasks.toList()) {
                threads.merge(Files.readString(task.resolve("comm")).strip(), 1, Integer::sum);
            }
        }
        return threads;
    }

    private Path proc(String what) {
        return Path.of("/proc", Long.toString(process.pid()), what);
    }

    /** All that it wrote to standard error. */
    String err() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

package dev.pillion.sidecar.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the AOT cache (JEP 483, 514, 515): starts the daemon on simulated vendors with a JVM that
 * records, drives it through all lessons and the short commands, ends it, and has the JVM make the
 * cache of what it recorded. The command line is the launcher's own, so flags are the same when the
 * cache is made and when it is used.
 */
final class Trainer {
    static final String CACHE = "lib/pillion.aot";

    /** The jars that the cache was made of, as {@code stat -c '%n %s %Y'} tells them. */
    static final String JARS = "lib/pillion.aot.jars";

    private static final String MAIN = "dev.pillion.sidecar.Main";
    private static final Duration LESSONS = Duration.ofSeconds(2);
    private static final int LEAST_ROUNDS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private int given;
    private int failed;

    Trainer(Path home) {
        this.home = home;
    }

    String train() throws Trouble, IOException, InterruptedException {
        Path cache = home.resolve(CACHE);
        Files.deleteIfExists(cache);
        Files.deleteIfExists(home.resolve(JARS));
        Path folder = Files.createTempDirectory("pillion-training");
        try {
            Path recording = folder.resolve("recording");
            record(folder, recording);
            create(folder, recording, cache);
            tryOut(folder, cache);
            Files.writeString(home.resolve(JARS), jars(home.resolve("lib")));
            String lessons = given + " lessons" + (failed == 0 ? "" : ", " + failed + " FAILED");
            return (Files.size(cache) >> 20) + " MiB of " + lessons;
        } catch (Trouble | IOException e) {
            Files.deleteIfExists(cache);
            throw e;
        } finally {
            Linker.delete(folder);
        }
    }

    // --- the JVM's three steps

    private void record(Path folder, Path recording)
            throws Trouble, IOException, InterruptedException {
        List<String> command = command(folder, "run");
        List<String> flags = List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recording);
        int main = command.indexOf(MAIN);
        var recorded = new ArrayList<>(command.subList(0, main));
        recorded.addAll(1, flags);
        recorded.add(Recorded.class.getName());
        try (var classroom = new Classroom(folder);
                var pupil = new Pupil(recorded, folder)) {
            teach(pupil, classroom, folder);
            pupil.graduate();
        }
        if (!Files.exists(recording)) {
            throw new Trouble("the JVM recorded nothing");
        }
    }

    /**
     * With G1, which alone can write objects into a cache; the serial collector reads them. Without
     * linked classes, all of which would be loaded at every start: measured, 11 MB of an idle
     * daemon and 80 ms of a short command.
     */
    private void create(Path folder, Path recording, Path cache)
            throws Trouble, IOException, InterruptedException {
        List<String> command = new ArrayList<>(command(folder, "run"));
        command.replaceAll(word -> word.equals("-XX:+UseSerialGC") ? "-XX:+UseG1GC" : word);
        command.addAll(
                1,
                List.of(
                        "-XX:AOTMode=create",
                        "-XX:-AOTClassLinking",
                        "-XX:AOTConfiguration=" + recording,
                        "-XX:AOTCache=" + cache));
        run(folder, "making the cache", command);
        if (!Files.exists(cache)) {
            throw new Trouble("the JVM made no cache");
        }
    }

    /** A cache that this JVM refuses would only cost time at each start. */
    private void tryOut(Path folder, Path cache) throws Trouble, IOException, InterruptedException {
        List<String> command = new ArrayList<>(command(folder, "--version"));
        command.removeIf(word -> word.startsWith("-XX:AOT"));
        command.addAll(1, List.of("-XX:AOTMode=on", "-XX:AOTCache=" + cache));
        run(folder, "trying the cache", command);
    }

    /**
     * Name, bytes and second of the last change, in the order of their names. The launcher compares
     * them: JDK 25 does not, once all classes of the class path are in the cache.
     */
    private static String jars(Path lib) throws IOException {
        var lines = new StringBuilder();
        for (Path jar : OldClasses.jars(lib)) {
            long second = Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS);
            lines.append(jar.getFileName()).append(' ').append(Files.size(jar));
            lines.append(' ').append(second).append('\n');
        }
        return lines.toString();
    }

    // --- what is recorded

    private void teach(Pupil pupil, Classroom classroom, Path folder)
            throws Trouble, IOException, InterruptedException {
        String socket = folder.resolve("p.sock").toString();
        String admin = folder.resolve("a.sock").toString();
        String config = classroom.config().toString();
        int tcp = freePort();
        int probes = freePort();
        pupil.execute("--version");
        pupil.execute("config", "check", config);
        pupil.begin(
                "run",
                "--config=" + config,
                "--socket=" + socket,
                "--admin-socket=" + admin,
                "--state-dir=" + folder.resolve("state"),
                "--ca-file=" + classroom.certificate(),
                "--tcp=127.0.0.1:" + tcp,
                "--probes=127.0.0.1:" + probes);
        try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            awaitReady(pupil, http, probes);
            lessons(http, tcp);
            classroom.unplug("anthropic");
            give(http, tcp, List.of(Lessons.any()));
            classroom.plugIn("anthropic");
            get(http, probes, "/metrics");
        }
        for (String stream : List.of("", "--stream")) {
            pupil.execute(words("ask", "Why?", "--socket=" + socket, "--class=fast", stream));
        }
        for (String output : List.of("table", "json")) {
            for (String command : List.of("status", "usage", "limits")) {
                pupil.execute("admin", "--admin-socket=" + admin, "--output=" + output, command);
            }
        }
        pupil.execute("admin", "--admin-socket=" + admin, "reload");
    }

    private static String[] words(String... words) {
        return List.of(words).stream().filter(word -> !word.isEmpty()).toArray(String[]::new);
    }

    private static void awaitReady(Pupil pupil, HttpClient http, int probes)
            throws Trouble, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (pupil.isAlive() && System.nanoTime() - end < 0) {
            try {
                if (get(http, probes, "/readyz") == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet: asked again until the time is over.
            }
            Thread.sleep(10);
        }
        throw new Trouble("the recorded daemon did not come up");
    }

    private static int get(HttpClient http, int port, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(port, path)).timeout(PATIENCE).build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** Round by round until the time is over, so that a slow machine's build is not held up. */
    private void lessons(HttpClient http, int port) throws IOException, InterruptedException {
        List<Lessons.Lesson> all = Lessons.of(Classroom.MODELS);
        long end = System.nanoTime() + LESSONS.toNanos();
        for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() - end < 0; round++) {
            give(http, port, all);
        }
    }

    private void give(HttpClient http, int port, List<Lessons.Lesson> lessons)
            throws IOException, InterruptedException {
        for (Lessons.Lesson lesson : lessons) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri(port, lesson.path())).timeout(PATIENCE);
            lesson.headers().forEach(request::header);
            if (!lesson.isGet()) {
                request.POST(HttpRequest.BodyPublishers.ofString(lesson.body()));
            }
            HttpResponse<String> answer =
                    http.send(
                            request.build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            given++;
            if (answer.statusCode() != 200) {
                failed++;
                if (failed <= 3) {
                    System.out.println(
                            "distribution: lesson %s %s: %d %s"
                                    .formatted(
                                            lesson.path(),
                                            lesson.body(),
                                            answer.statusCode(),
                                            answer.body()));
                }
            }
        }
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // --- processes

    /** What the launcher would execute for this subcommand, word by word. */
    private List<String> command(Path folder, String subcommand)
            throws Trouble, IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(home.resolve("bin/pillion").toString(), subcommand)
                        .directory(folder.toFile())
                        .redirectErrorStream(true);
        clean(builder);
        builder.environment().put("PILLION_DRY_RUN", "1");
        if (!Files.isDirectory(home.resolve("runtime"))) {
            builder.environment().put("PILLION_JAVA", System.getProperty("java.home"));
        }
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || !said.contains("\n" + MAIN + "\n")) {
            throw new Trouble("the launcher does not tell its command: " + said.strip());
        }
        return List.of(said.strip().split("\n", -1));
    }

    private static void run(Path folder, String what, List<String> command)
            throws Trouble, IOException, InterruptedException {
        Path log = folder.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        clean(builder);
        Process process = builder.start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new Trouble(what + " took longer than " + PATIENCE.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            List<String> lines = Files.readAllLines(log);
            String end =
                    String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
            throw new Trouble(what + " ended with " + process.exitValue() + ": " + end);
        }
    }

    /** What the builder's own environment says to Java, to Pillion or of proxies is not for it. */
    static void clean(ProcessBuilder builder) {
        var kept = List.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL");
        builder.environment().keySet().removeIf(name -> !kept.contains(name));
    }
}

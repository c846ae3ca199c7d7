package dev.pillion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a Pillion that is there costs: on the disk, to start, and in memory, idle and at work. */
final class Footprint {
    private static final String READY = "ready after exec, ms";
    private static final String IDLE = "resident, idle, MB";
    private static final String LOADED = "resident, after 10,000 requests, MB";
    private static final String STREAMING =
            "resident, during " + SlowStreams.STREAMS + " streams, at most, MB";

    /** What is held to, at most. */
    static final Map<String, Double> AIMS =
            Map.ofEntries(
                    Map.entry("distribution, MiB", 110.0),
                    Map.entry(READY, 500.0),
                    Map.entry("pillion config check, ms", 400.0),
                    Map.entry("pillion admin status, ms", 400.0),
                    Map.entry("pillion admin usage, ms", 400.0),
                    Map.entry("pillion ask, ms", 400.0),
                    Map.entry(IDLE, 70.0),
                    Map.entry("CPU, idle, % of a core", 0.5),
                    Map.entry(LOADED, 110.0),
                    Map.entry(STREAMING, 110.0),
                    Map.entry("small profile: " + IDLE, 85.0),
                    Map.entry("small profile: " + LOADED, 85.0),
                    Map.entry("small profile: " + STREAMING, 85.0));

    private static final int SETTLE_MILLIS = 5_000;
    private static final int MIXED_REQUESTS = 10_000;
    private static final int LARGE_REQUESTS = 3_000;

    /** Ten a second. */
    private static final int HOUR_REQUESTS = 36_000;

    /** Until what a load left behind has been given back. */
    private static final int REST_MILLIS = 15_000;
    private static final int CONNECTIONS = 16;
    private static final double MIB = 1 << 20;

    private static final List<Slot> MIXED =
            Slot.all().stream()
                    .filter(slot -> slot.transport() == Slot.Transport.TCP)
                    .filter(slot -> slot.way().isFirst())
                    .filter(slot -> slot.size() == Slot.Size.K1 || slot.size() == Slot.Size.SSE)
                    .toList();

    private static final List<Slot> LARGE =
            Slot.all().stream()
                    .filter(slot -> slot.transport() == Slot.Transport.TCP)
                    .filter(slot -> slot.way().isFirst())
                    .filter(slot -> slot.size() == Slot.Size.K64)
                    .toList();

    private final Options options;
    private final int idleMillis;
    private final int streamsMillis;
    private final Path work = Files.createTempDirectory("pillion-footprint");
    private final StringBuilder table = new StringBuilder();
    private final Map<String, Double> figures = new LinkedHashMap<>();

    private Footprint(Options options) throws IOException {
        this.options = options;
        idleMillis = options.quick() ? 5_000 : 20_000;
        streamsMillis = options.quick() ? 5_000 : 15_000;
    }

    static int run(Options options) throws IOException, InterruptedException {
        var footprint = measure(options, options.rounds(), false);
        System.out.print(footprint.table());
        return 0;
    }

    /** With so many starts of each kind, and nginx beside it where it is there. */
    static Footprint measure(Options options, int starts, boolean withNginx)
            throws IOException, InterruptedException {
        var footprint = new Footprint(options);
        try {
            footprint.disk();
            footprint.profile("", starts);
            if (withNginx) {
                footprint.nginxStreams();
            }
            footprint.profile("small", starts);
        } finally {
            footprint.clear();
        }
        return footprint;
    }

    String table() {
        return table.toString();
    }

    /** Those that there is an aim for, in their order. */
    Map<String, Double> figures() {
        return figures;
    }

    private void figure(String what, double value) {
        if (AIMS.containsKey(what)) {
            figures.put(what, value);
        }
    }

    // ---- the disk

    private void disk() throws IOException {
        Path home = options.pillion().toRealPath().getParent().getParent();
        Path cache = home.resolve("lib/pillion.aot");
        double all = size(home);
        figure("distribution, MiB", all / MIB);
        row(
                "on the disk",
                "%.1f MiB: runtime %.1f, AOT cache %.1f, the rest %.1f",
                all / MIB,
                size(home.resolve("runtime")) / MIB,
                size(cache) / MIB,
                (all - size(home.resolve("runtime")) - size(cache)) / MIB);
    }

    private static double size(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            double bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    // ---- a profile

    private void profile(String profile, int times) throws IOException, InterruptedException {
        String name = profile.isEmpty() ? "" : profile + ": ";
        var environment = Map.of("PILLION_PROFILE", profile);
        try (var upstream = new Upstream(SlowStreams.MILLIS_A_TOKEN)) {
            var starts = new double[times];
            for (int i = 0; i < times; i++) {
                long began = System.nanoTime();
                try (var server = start(environment, upstream.port())) {
                    starts[i] = millisSince(began);
                    if (i == times - 1) {
                        startUp(name + "exec until /readyz says 200", starts);
                        figure(name + READY, median(starts));
                        if (profile.isEmpty()) {
                            shortCommands(server, times);
                        }
                        atWork(name, server);
                    }
                }
            }
        }
    }

    private Server start(Map<String, String> environment, int port)
            throws IOException, InterruptedException {
        return Server.pillion(
                "pillion",
                options.pillion(),
                true,
                options.home().resolve("pillion.yaml"),
                work,
                port,
                environment);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void startUp(String what, double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        row(
                what,
                "%.0f ms (%.0f..%.0f, median of %d)",
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1],
                sorted.length);
    }

    private void shortCommands(Server server, int times) throws IOException, InterruptedException {
        Path dir = work.resolve("pillion");
        String socket = "--socket=" + dir.resolve("data.sock");
        String admin = "--admin-socket=" + dir.resolve("admin.sock");
        command(times, "config", "check", dir.resolve("pillion.yaml").toString());
        command(times, "admin", admin, "status");
        command(times, "admin", admin, "usage");
        command(times, "ask", socket, "--model=bench/gpt-bench", "Why?");
        if (!server.isAlive()) {
            throw new IOException("the daemon ended meanwhile:\n" + server.lastErrors());
        }
    }

    private void command(int times, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(options.pillion().toAbsolutePath().toString()));
        command.addAll(List.of(words));
        var millis = new double[times];
        Path output = work.resolve("output");
        for (int i = 0; i < times; i++) {
            long began = System.nanoTime();
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            int code = process.waitFor();
            millis[i] = millisSince(began);
            if (code != 0) {
                String what = "pillion " + String.join(" ", words);
                throw new IOException(what + " ended with " + code + ": " + Files.readString(output));
            }
        }
        String name = words[0].equals("ask") ? "ask" : words[0] + " " + words[words.length - 1];
        String shown = "pillion " + (words[0].equals("config") ? "config check" : name);
        startUp(shown, millis);
        figure(shown + ", ms", median(millis));
    }

    private void atWork(String name, Server server) throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        double before = server.tree().cpu().total();
        Thread.sleep(idleMillis);
        double busy = (server.tree().cpu().total() - before) / (idleMillis / 1e3) * 100;
        String profile = name.isEmpty() ? "" : "small profile: ";
        figure(profile + IDLE, resident(server));
        figure(profile + "CPU, idle, % of a core", busy);
        row(name + "idle", "%s, %.2f %% of a core", memory(server), busy);
        double cpu = requests(server, MIXED, MIXED_REQUESTS);
        figure(profile + LOADED, resident(server));
        row(
                name + "after " + MIXED_REQUESTS + " requests",
                "%s (at most %s), %.0f us of CPU a request, the compiler's among it",
                memory(server),
                peak(server),
                cpu);
        streams(name, profile + STREAMING, server);
        if (!options.quick()) {
            muchMore(name, server);
        }
    }

    /** What no aim is set for: an hour's requests, and large ones. */
    private void muchMore(String name, Server server) throws IOException, InterruptedException {
        requests(server, MIXED, HOUR_REQUESTS);
        String load = memory(server);
        Thread.sleep(REST_MILLIS);
        row(
                name + "after an hour's " + HOUR_REQUESTS + " requests",
                "%s, %s %d s later",
                load,
                memory(server),
                REST_MILLIS / 1000);
        requests(server, LARGE, LARGE_REQUESTS);
        Thread.sleep(REST_MILLIS);
        row(name + "after " + LARGE_REQUESTS + " of 64 KB", "%s (at most %s)", memory(server), peak(server));
    }

    /** CPU microseconds a request. */
    private double requests(Server server, List<Slot> slots, int count)
            throws IOException, InterruptedException {
        double before = server.tree().cpu().total();
        long done = 0;
        for (var slot : slots) {
            try (var load = load(server, slot, CONNECTIONS)) {
                load.start();
                while (load.completed() < count / slots.size() && load.errors() == 0) {
                    Thread.sleep(1);
                }
                load.stop();
                done += load.completed();
                check(load);
            }
        }
        return (server.tree().cpu().total() - before) * 1e6 / done;
    }

    /** Passed through and translated; the larger of the two is held to the aim. */
    private void streams(String name, String figure, Server server)
            throws IOException, InterruptedException {
        double most = 0;
        for (var way : List.of(Slot.Way.PASS, Slot.Way.MESSAGES)) {
            var streams = SlowStreams.measure(server, way, streamsMillis);
            most = Math.max(most, streams.mostMb());
            String what = way.passes() ? " streams, passed" : " streams, translated";
            row(name + SlowStreams.STREAMS + what, "%s", streams);
        }
        figure(figure, most);
    }

    private void nginxStreams() throws IOException, InterruptedException {
        Path conf = options.home().resolve("nginx.conf");
        try (var upstream = new Upstream(SlowStreams.MILLIS_A_TOKEN);
                var nginx = Server.nginx("nginx", conf, work, upstream.port())) {
            String what = "nginx: " + SlowStreams.STREAMS + " streams, passed";
            row(what, "%s", SlowStreams.measure(nginx, Slot.Way.PASS, streamsMillis));
        }
    }

    private static Load load(Server server, Slot slot, int connections) throws IOException {
        return new Load(server.address(slot.transport(), slot.size().stream), slot, connections);
    }

    private static void check(Load load) throws IOException {
        if (load.errors() > 0) {
            throw new IOException("wrong answers: " + load.problems());
        }
    }

    private static String memory(Server server) throws IOException {
        var memory = server.tree().memory();
        return String.format(
                Locale.ROOT,
                "%.1f MB resident (%.1f proportional)",
                memory.residentKb() / 1024.0,
                memory.proportionalKb() / 1024.0);
    }

    private static double resident(Server server) throws IOException {
        return server.tree().memory().residentKb() / 1024.0;
    }

    private static String peak(Server server) throws IOException {
        return String.format(Locale.ROOT, "%.1f", server.tree().memory().peakKb() / 1024.0);
    }

    private static double millisSince(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1e6;
    }

    private void row(String what, String format, Object... values) {
        String line = String.format(Locale.ROOT, format, values);
        table.append(String.format(Locale.ROOT, "| %-42s | %s |%n", what, line));
        Bench.say(what + ": " + line);
    }

    private void clear() throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(100); // the daemon's last files
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

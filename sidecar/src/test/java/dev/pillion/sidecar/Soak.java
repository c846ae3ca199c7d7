package dev.pillion.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Very many mixed requests to one daemon, with clients that leave, vendors that fail and
 * configurations that change; and whether the daemon afterwards holds what it held before.
 */
final class Soak {
    private static final int CLIENTS = 64;
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Netty's own look for buffers that are lost, and the JVM's count of its native memory. */
    static final List<String> JVM_FLAGS =
            List.of("-XX:NativeMemoryTracking=summary", "-Dio.netty.leakDetection.level=simple");

    /**
     * What to do.
     *
     * @param command what {@code run} and its flags are appended to
     * @param environment added to ours
     * @param warmUp requests before the first look
     * @param requests between the two looks
     */
    record Plan(
            List<String> command,
            Map<String, String> environment,
            int warmUp,
            int requests,
            long seed) {}

    private final Plan plan;
    private final SplittableRandom random;
    private final SoakTally tally = new SoakTally();
    private final SoakDaemon daemon;
    private final SoakVendors vendors;
    private final SoakMeddling meddling;

    private Soak(Plan plan, SoakDaemon daemon, SoakVendors vendors) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
        this.daemon = daemon;
        this.vendors = vendors;
        this.meddling = new SoakMeddling(daemon, vendors, random.split());
    }

    /** Does it and says what came of it. */
    static SoakReport run(Plan plan) throws Exception {
        Path directory = Files.createTempDirectory("pillion-soak");
        try (var vendors = new SoakVendors();
                var daemon =
                        new SoakDaemon(
                                directory,
                                plan.command(),
                                plan.environment(),
                                SoakMeddling.document(vendors, 1))) {
            return new Soak(plan, daemon, vendors).run();
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private SoakReport run() throws Exception {
        play(plan.warmUp());
        SoakState before = SoakState.take(daemon, vendors);
        long began = System.nanoTime();
        play(plan.requests());
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        SoakState after = SoakState.take(daemon, vendors);
        var report = new SoakReport(before, after);
        report.say(
                "%d requests in %d s after %d to warm up: %s"
                        .formatted(plan.requests(), seconds, plan.warmUp(), tally));
        report.say(
                "vendors: %d requests over %d connections, %d changes of what goes wrong; %d reloads, %d of them refused"
                        .formatted(
                                vendors.requests(),
                                vendors.connections(),
                                vendors.spells(),
                                meddling.reloads(),
                                meddling.refused()));
        report.clients(tally, plan.warmUp() + plan.requests());
        report.accounts(daemon, vendors);
        report.said(daemon.err());
        return report;
    }

    private void play(int requests) throws Exception {
        var left = new AtomicLong(requests);
        List<SoakClient> clients = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                var address = i % 2 == 0 ? daemon.tcp() : daemon.unix();
                var client = new SoakClient(address, random.split(), tally);
                clients.add(client);
                running.add(
                        threads.submit(() -> {
                            client.run(left);
                            return null;
                        }));
            }
            while (left.get() > 0) {
                meddling.step();
                closeStuck(clients);
            }
            for (Future<?> each : running) {
                end(each, clients);
            }
        }
    }

    private void end(Future<?> client, List<SoakClient> clients) throws Exception {
        while (true) {
            try {
                client.get(1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                closeStuck(clients);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a client has a defect", e);
            }
        }
    }

    /** Whoever is not answered in such a time never will be. */
    private void closeStuck(List<SoakClient> clients) throws IOException {
        for (SoakClient client : clients) {
            long since = client.busySinceNanos();
            if (since != 0 && System.nanoTime() - since > STUCK_NANOS) {
                tally.stuck();
                client.close();
            }
        }
    }

    /**
     * Runs it against a distribution: {@code --pillion LAUNCHER}, {@code --requests}, {@code
     * --warm-up}, {@code --seed}, each with its value.
     */
    public static void main(String[] words) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            options.put(words[i], words[i + 1]);
        }
        String launcher = options.remove("--pillion");
        var plan =
                new Plan(
                        List.of(String.valueOf(launcher)),
                        Map.of("PILLION_JVM_FLAGS", String.join(" ", JVM_FLAGS)),
                        number(options, "--warm-up", 20_000),
                        number(options, "--requests", 200_000),
                        number(options, "--seed", 20_261_123));
        if (launcher == null || words.length % 2 != 0 || !options.isEmpty()) {
            System.err.println(
                    "soak: "
                            + String.join(" ", words)
                            + " (expected: --pillion, --requests, --warm-up or --seed, each with"
                            + " its value)");
            System.exit(2);
        }
        SoakReport report = run(plan);
        System.out.print(report.text());
        System.exit(report.problems().isEmpty() ? 0 : 1);
    }

    private static int number(Map<String, String> options, String name, int usual) {
        String value = options.remove(name);
        return value == null ? usual : Integer.parseInt(value);
    }
}

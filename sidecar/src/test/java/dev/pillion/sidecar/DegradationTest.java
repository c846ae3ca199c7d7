package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.FaultSwitch;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.Simulator;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A vendor degrades for twelve seconds of real time, under traffic at several rates, and comes
 * back. Shares are counted over requests, from when the behaviour allows for having noticed.
 */
@Tag("slow")
class DegradationTest {
    private static final long FAULT_SECONDS = 12;
    private static final long RETURN_SECONDS = 10;
    private static final long AFTER_SECONDS = 14;
    private static final double NOTICED_SHARE = 0.05;
    private static final double SOME_SHARE = 0.15;
    private static final int WARM_UP_REQUESTS = 2_000;

    private static final String CONFIG =
            TestSidecar.CONFIG.replaceAll("first_byte: 2s", "first_byte: 20s")
                    + """
                      gemini: {base_url: "%s", keys: [{id: g1, value: canary-key-g}]}
                    routing:
                      classes: {balanced: {weights: {cost: 4, latency: 0.5, reliability: 1}}}
                    """;

    /** What goes wrong with a vendor, and after how many seconds that is to be noticed. */
    enum Trouble {
        FAILURE(2),
        HANG(2),
        TENFOLD(5),
        SOME(2);

        final double noticedSeconds;

        Trouble(double noticedSeconds) {
            this.noticedSeconds = noticedSeconds;
        }

        void begin(FaultSwitch faults) {
            switch (this) {
                case FAILURE -> faults.always(new Misbehaviour.Status(500));
                case HANG -> faults.always(new Misbehaviour.Break(-1, How.HANG));
                case TENFOLD -> faults.always(new Misbehaviour.Slow(10 * USUAL_MILLIS));
                case SOME -> faults.arm(new Misbehaviour.Status(500), Integer.MAX_VALUE, 0.3, "");
            }
        }
    }

    private static final long USUAL_MILLIS = 40;

    /** One request: when it was sent, who was asked first, and whether the client saw a failure. */
    private record Seen(double atSeconds, String first, String how, boolean failed) {}

    /** One run. */
    private record Run(Trouble trouble, int rate, String bad, double faultAt, List<Seen> seen) {
        /** Requests sent in that time after the fault began, and how many went to the bad first. */
        long[] between(double from, double to) {
            List<Seen> then =
                    seen.stream()
                            .filter(s ->
                                    s.atSeconds >= faultAt + from && s.atSeconds < faultAt + to)
                            .toList();
            return new long[] {then.size(), then.stream().filter(s -> s.first.equals(bad)).count()};
        }

        long failedFirst() {
            return seen.stream()
                    .filter(s -> s.atSeconds >= faultAt && s.atSeconds < faultAt + FAULT_SECONDS)
                    .filter(s -> s.first.equals(bad) && !s.how.equals("ok"))
                    .count();
        }

        /** The bad vendor's share in the second when it comes back: 1 would be a herd. */
        double returning() {
            double at = FAULT_SECONDS + backAfter();
            long[] then = between(at, at + 1);
            return then[0] == 0 ? 0 : then[1] / (double) then[0];
        }

        double backAfter() {
            return seen.stream()
                            .filter(s -> s.atSeconds >= faultAt + FAULT_SECONDS)
                            .filter(s -> s.first.equals(bad) && s.how.equals("ok"))
                            .mapToDouble(Seen::atSeconds)
                            .min()
                            .orElse(Double.POSITIVE_INFINITY)
                    - faultAt
                    - FAULT_SECONDS;
        }

        String line() {
            long[] noticed = between(trouble.noticedSeconds, FAULT_SECONDS);
            return String.format(
                    Locale.ROOT,
                    "%-8s %2d/s: %4d requests, %d failed, bad first %d of %d once noticed, %d"
                            + " failed first attempts, back after %.1f s, with %.0f %% in its first"
                            + " second",
                    trouble,
                    rate,
                    seen.size(),
                    seen.stream().filter(Seen::failed).count(),
                    noticed[1],
                    noticed[0],
                    failedFirst(),
                    backAfter(),
                    100 * returning());
        }

        /**
         * Of a vendor that errs now and then most tries go well; it comes back until the next
         * error, which may take a dozen requests, and at ten a second these are much of a hundred.
         */
        private double noticedShare() {
            return trouble == Trouble.SOME && rate == 10 ? SOME_SHARE : NOTICED_SHARE;
        }

        void check() {
            assertEquals(0, seen.stream().filter(Seen::failed).count(), line());
            long[] noticed = between(trouble.noticedSeconds, FAULT_SECONDS);
            if (rate >= 10) {
                assertTrue(noticed[1] <= noticedShare() * noticed[0], line());
            } else if (trouble != Trouble.TENFOLD) {
                assertTrue(failedFirst() <= 3, line());
            }
            assertTrue(backAfter() <= RETURN_SECONDS, line());
            assertTrue(rate < 60 || trouble == Trouble.SOME || returning() < 0.7, line());
        }
    }

    /** Code that was never run is slow, and would make every vendor look so. */
    @BeforeAll
    static void warmUp() throws Exception {
        try (TestSidecar bed = TestSidecar.start(CONFIG)) {
            List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < WARM_UP_REQUESTS; i++) {
                ask(bed, 0, seen);
            }
            assertEquals(0, seen.stream().filter(Seen::failed).count());
        }
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    @DisplayName("F16 F17: traffic leaves a vendor that degrades, and comes back to it")
    void trafficLeavesAVendorThatDegradesAndComesBack(Trouble trouble) throws Exception {
        List<Future<Run>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int rate : new int[] {1, 10, 60}) {
                running.add(threads.submit(() -> run(trouble, rate)));
            }
        }
        List<Executable> checks = new ArrayList<>();
        for (Future<Run> each : running) {
            Run run = each.get();
            System.out.println("degradation: " + run.line());
            checks.add(run::check);
        }
        assertAll(checks);
    }

    private static Run run(Trouble trouble, int rate) throws Exception {
        try (TestSidecar bed = TestSidecar.start(CONFIG)) {
            List<Simulator> vendors = List.of(bed.anthropic, bed.openai, bed.gemini);
            vendors.forEach(v -> v.faults().always(new Misbehaviour.Slow(USUAL_MILLIS)));
            List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
            long warm = Math.max(6, 12 / rate);
            double total = warm + FAULT_SECONDS + AFTER_SECONDS;
            String bad = "";
            long began = System.nanoTime();
            boolean mended = false;
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < total * rate; i++) {
                    LockSupport.parkNanos(
                            began + i * TimeUnit.SECONDS.toNanos(1) / rate - System.nanoTime());
                    double at = i / (double) rate;
                    if (bad.isEmpty() && at >= warm) {
                        bad = favourite(seen);
                        trouble.begin(vendor(bed, bad).faults());
                    }
                    if (!mended && at >= warm + FAULT_SECONDS) {
                        vendor(bed, bad).faults().clear();
                        vendor(bed, bad).faults().always(new Misbehaviour.Slow(USUAL_MILLIS));
                        mended = true;
                    }
                    clients.execute(() -> ask(bed, at, seen));
                }
            }
            List<Seen> sorted =
                    seen.stream().sorted(Comparator.comparingDouble(Seen::atSeconds)).toList();
            return new Run(trouble, rate, bad, warm, sorted);
        }
    }

    private static Simulator vendor(TestSidecar bed, String name) {
        return switch (name) {
            case "anthropic" -> bed.anthropic;
            case "openai" -> bed.openai;
            default -> bed.gemini;
        };
    }

    /** Who is asked first most often: the one whose trouble matters. */
    private static String favourite(List<Seen> seen) {
        List<String> firsts = List.copyOf(seen).stream().map(Seen::first).toList();
        return firsts.stream()
                .max(Comparator.comparingInt(name -> Collections.frequency(firsts, name)))
                .orElseThrow();
    }

    private static void ask(TestSidecar bed, double at, List<Seen> seen) {
        try {
            HttpResponse<String> answer =
                    bed.post(
                            "/v1/generate",
                            "{\"class\":\"balanced\",\"stream\":true,\"output\":{\"max_tokens\":64},"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            Folded folded = Folded.of(answer.body());
            JsonNode first = folded.last().at("/route/attempts/0");
            boolean done = folded.events().getLast().equals("done");
            seen.add(
                    new Seen(
                            at,
                            first.path("provider").asText(),
                            first.path("outcome").asText(),
                            !done));
        } catch (Exception e) {
            seen.add(new Seen(at, "", String.valueOf(e), true));
        }
    }
}

package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.account.Entry;
import dev.pillion.sidecar.account.Period;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams whose clients leave at any point: what the ledger says of them. */
class AbandonedStreamsTest {
    private static final int STREAMS = 1_000;
    private static final int CLIENTS = 8;
    private static final List<String> MODELS =
            List.of(
                    "anthropic/claude-sonnet-5-5",
                    "openai/gpt-6.1-terra",
                    "gemini/gemini-4-hydrogen",
                    "xai/grok-4.6");

    /** Each of the models, with the others behind it. */
    private static final String ALIASES =
            """
            aliases:
              try-anthropic: [anthropic/claude-sonnet-5-5, openai/gpt-6.1-terra]
              try-openai: [openai/gpt-6.1-terra, gemini/gemini-4-hydrogen]
              try-gemini: [gemini/gemini-4-hydrogen, xai/grok-4.6]
              try-xai: [xai/grok-4.6, anthropic/claude-sonnet-5-5]
            """;

    /** What is asked in one stream, and after how much of the answer the client leaves. */
    private record Visit(int number, Way way, String model, boolean never, long leaveAfter) {
        static Visit of(int number, SplittableRandom random, boolean alias) {
            List<Way> ways = Stream.of(Way.values()).filter(Way::streams).toList();
            String model = MODELS.get(random.nextInt(MODELS.size()));
            return new Visit(
                    number,
                    ways.get(random.nextInt(ways.size())),
                    alias ? "try-" + model.substring(0, model.indexOf('/')) : model,
                    random.nextBoolean(),
                    random.nextInt(4) == 0 ? 0 : random.nextLong(6_000));
        }

        String kind() {
            return way + " " + model + (never ? " translated" : "");
        }

        byte[] request() {
            byte[] body =
                    way.body(model, "a question of some words, for a long answer", true)
                            .getBytes(StandardCharsets.UTF_8);
            String head =
                    "POST "
                            + way.path(model, true)
                            + " HTTP/1.1\r\n"
                            + "host: 127.0.0.1\r\n"
                            + "connection: close\r\n"
                            + "content-type: application/json\r\n"
                            + "x-pillion-tags: visit="
                            + number
                            + "\r\nx-request-id: always-the-same\r\n"
                            + (never ? "x-pillion-passthrough: never\r\n" : "")
                            + "content-length: "
                            + body.length
                            + "\r\n\r\n";
            byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
            byte[] all = new byte[bytes.length + body.length];
            System.arraycopy(bytes, 0, all, 0, bytes.length);
            System.arraycopy(body, 0, all, bytes.length, body.length);
            return all;
        }
    }

    @Test
    @DisplayName("F36 F37 F41: a thousand abandoned streams are a thousand records")
    void aThousandAbandonedStreamsAreAThousandRecords() throws Exception {
        try (TestSidecar bed = TestSidecar.start(TestSidecar.FOUR + ALIASES)) {
            Map<String, Entry> whole = references(bed);
            vendors(bed).forEach(v -> v.faults().always(new Misbehaviour.Slow(1)));
            List<Visit> visits = play(bed, false);
            Map<Integer, List<Entry>> booked = booked(bed);
            List<Double> errors = new ArrayList<>();
            int cut = 0;
            for (Visit visit : visits) {
                List<Entry> entries = booked.getOrDefault(visit.number, List.of());
                assertEquals(1, entries.size(), visit + ": " + entries);
                Entry entry = entries.getFirst();
                check(visit, entry, Objects.requireNonNull(whole.get(visit.kind())));
                if (!entry.outcome().equals("ok")) {
                    cut++;
                }
                if (entry.usage().estimated() && entry.usage().inputTokens() > 0) {
                    double told = whole.get(visit.kind()).usage().inputTokens();
                    errors.add(Math.abs(entry.usage().inputTokens() / told - 1));
                }
            }
            errors.sort(Comparator.naturalOrder());
            System.out.printf(
                    Locale.ROOT,
                    "abandoned: %d streams, %d left, %d records; %d inputs estimated, error p50"
                            + " %.2f p95 %.2f%n",
                    visits.size(),
                    cut,
                    booked.values().stream().mapToInt(List::size).sum(),
                    errors.size(),
                    errors.isEmpty() ? 0 : errors.get(errors.size() / 2),
                    errors.isEmpty() ? 0 : errors.get(errors.size() * 95 / 100));
            assertTrue(cut > visits.size() / 2, "too few have left: " + cut);
        }
    }

    @Test
    @DisplayName("F37 F42: under failover each attempt of an abandoned stream is one record")
    void underFailoverEachAttemptIsOneRecord() throws Exception {
        try (TestSidecar bed = TestSidecar.start(TestSidecar.FOUR + ALIASES)) {
            for (Simulator vendor : vendors(bed)) {
                vendor.faults().always(new Misbehaviour.Slow(1));
                arm(vendor, new Misbehaviour.Status(500));
                arm(vendor, new Misbehaviour.ErrorEvent(0, 529));
                arm(vendor, new Break(0, How.RESET));
                arm(vendor, new Break(1, How.CLOSE));
            }
            List<Visit> visits = play(bed, true);
            Map<Integer, List<Entry>> booked = booked(bed);
            long several = 0;
            for (Visit visit : visits) {
                List<Entry> entries = booked.getOrDefault(visit.number, List.of());
                assertTrue(!entries.isEmpty(), visit.toString());
                for (int i = 0; i < entries.size(); i++) {
                    assertEquals(i + 1, entries.get(i).attempt(), visit + ": " + entries);
                }
                several += entries.size() > 1 ? 1 : 0;
            }
            long records = booked.values().stream().mapToLong(List::size).sum();
            long seen =
                    vendors(bed).stream()
                            .flatMap(v -> v.log().requests().stream())
                            .filter(r -> r.method().equals("POST"))
                            .count();
            System.out.printf(
                    "abandoned under failover: %d streams, %d with several attempts, %d records,"
                            + " %d calls seen by vendors%n",
                    visits.size(), several, records, seen);
            assertTrue(several > 100, "too few were tried twice: " + several);
            // A call may be cancelled before its vendor has read it, or be sent again by an idle
            // connection that turned out closed.
            assertTrue(records >= seen, records + " records of " + seen + " calls");
        }
    }

    private static void arm(Simulator vendor, Misbehaviour what) {
        vendor.faults().arm(what, Integer.MAX_VALUE, 0.1, "");
    }

    /** What was told is what the vendor bills for all of it; what was not is marked and bounded. */
    private static void check(Visit visit, Entry entry, Entry whole) {
        String what = visit + ": " + entry + "; whole: " + whole;
        boolean told =
                entry.usage().inputTokens() == whole.usage().inputTokens()
                        && entry.usage().outputTokens() == whole.usage().outputTokens();
        if (entry.outcome().equals("ok")) {
            assertTrue(told, what);
            return;
        }
        assertTrue(entry.outcome().equals("cancelled"), what);
        long input = entry.usage().inputTokens();
        if (input == 0) {
            return; // it was left before the vendor had the request
        }
        assertTrue(told || entry.usage().estimated(), what);
        long most = whole.usage().inputTokens();
        assertTrue(input >= most / 3 && input <= 3 * most, what);
        assertTrue(entry.usage().outputTokens() <= 2 * whole.usage().outputTokens() + 10, what);
        assertTrue(Objects.requireNonNull(entry.cost().usd(), what).signum() > 0, what);
        assertTrue(told || entry.cost().estimated(), what);
    }

    /** Each kind of stream once to its end. */
    private static Map<String, Entry> references(TestSidecar bed) throws Exception {
        Map<Integer, String> kinds = new HashMap<>();
        int number = 1_000_000;
        for (Way way : Stream.of(Way.values()).filter(Way::streams).toList()) {
            for (String model : MODELS) {
                for (boolean never : new boolean[] {false, true}) {
                    var visit = new Visit(number++, way, model, never, Long.MAX_VALUE);
                    kinds.put(visit.number, visit.kind());
                    visit(bed, visit);
                }
            }
        }
        Map<String, Entry> whole = new HashMap<>();
        booked(bed).forEach((n, entries) -> whole.put(kinds.get(n), entries.getFirst()));
        assertEquals(kinds.size(), whole.size());
        whole.values().forEach(each -> assertEquals("ok", each.outcome(), each.toString()));
        return whole;
    }

    private static List<Visit> play(TestSidecar bed, boolean alias) throws Exception {
        var random = new SplittableRandom(20261123);
        List<Visit> visits = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            visits.add(Visit.of(i, random, alias));
        }
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (Visit each : visits) {
                running.add(
                        clients.submit(() -> {
                            visit(bed, each);
                            return null;
                        }));
            }
        }
        for (Future<?> each : running) {
            each.get();
        }
        return visits;
    }

    /** Asks, reads so many bytes of the answer, and leaves. */
    private static void visit(TestSidecar bed, Visit visit) throws IOException {
        InetSocketAddress tcp = Objects.requireNonNull(bed.sidecar.tcpAddress());
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), tcp.getPort())) {
            socket.getOutputStream().write(visit.request());
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[512];
            long left = visit.leaveAfter;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    return;
                }
                left -= read;
            }
        }
    }

    private static Map<Integer, List<Entry>> booked(TestSidecar bed) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (bed.sidecar.inflight() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        assertEquals(0, bed.sidecar.inflight());
        Map<Integer, List<Entry>> booked = new HashMap<>();
        bed.sidecar
                .ledger()
                .read(
                        Period.parse(null, null, Instant.now()),
                        entry ->
                                booked.computeIfAbsent(
                                                Integer.parseInt(entry.tags().get("visit")),
                                                _ -> new ArrayList<>())
                                        .add(entry));
        return booked;
    }

    private static List<Simulator> vendors(TestSidecar bed) {
        return List.of(bed.anthropic, bed.openai, bed.gemini, bed.xai);
    }
}

package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.account.Entry;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.account.LedgerReader;
import dev.pillion.sidecar.account.Period;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.Simulator;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The ledger of a daemon that is killed (SIGKILL) fifty times under load, on one state directory,
 * beside what the simulated vendors saw.
 */
@Tag("slow")
class KilledFiftyTimesTest {
    private static final int KILLS = Integer.getInteger("pillion.kills", 50);
    private static final long SEED = 20261123;
    private static final Duration PROMISED = Ledger.GATHER.plus(Ledger.SYNC);

    private static final Map<String, String[]> PRICES =
            Map.of(
                    "anthropic", new String[] {"1.37", "5.11"},
                    "openai", new String[] {"0.7301", "3.9"});

    private static final String CONFIG =
            """
            version: 1
            providers:
              anthropic: {base_url: "ANTHROPIC", keys: [{id: a1, value: k-a}]}
              openai: {base_url: "OPENAI", keys: [{id: o1, value: k-o}]}
            models:
              - {id: anthropic/claude-haiku-4-5, price: {input: 1.37, output: 5.11}}
              - {id: openai/gpt-6-luna, price: {input: 0.7301, output: 3.9}}
            aliases:
              mix: [anthropic/claude-haiku-4-5, openai/gpt-6-luna]
              xim: [openai/gpt-6-luna, anthropic/claude-haiku-4-5]
            routing: {failover: {backoff: {first: 5ms, max: 20ms}}}
            """;

    private final List<KillLoad.Answer> answers = new ArrayList<>();
    private final Map<Integer, Long> killedAt = new HashMap<>();
    private final KillLoad load = new KillLoad();
    private int tornTails;
    private int resent;
    private long oldestLostNanos;

    @Test
    void theLedgerIsWhatTheVendorsSawHoweverOftenTheDaemonIsKilled() throws Exception {
        try (Simulator anthropic = Simulator.start(Simulator.Options.anthropic());
                Simulator openai = Simulator.start(Simulator.Options.openAi());
                var truth = new KillTruth(Map.of("anthropic", anthropic, "openai", openai))) {
            misbehave(anthropic);
            misbehave(openai);
            String config =
                    CONFIG.replace("ANTHROPIC", anthropic.origin())
                            .replace("OPENAI", openai.origin());
            Path directory = Files.createTempDirectory("pillion-kills");
            var random = new SplittableRandom(SEED);
            for (int i = 0; i < KILLS; i++) {
                kill(directory, config, Duration.ofMillis(random.nextInt(1_500)));
                truth.collect();
            }
            anthropic.faults().clear();
            openai.faults().clear();
            try (Daemon last = Daemon.startIn(directory, config, Map.of(), null)) {
                compare(directory.resolve("state").resolve("ledger"), last, truth);
            }
        }
    }

    private static void misbehave(Simulator vendor) {
        int ever = Integer.MAX_VALUE;
        vendor.faults().arm(new Misbehaviour.Status(500), ever, 0.05, "/v1");
        vendor.faults().arm(new Misbehaviour.Status(529), ever, 0.03, "/v1");
        vendor.faults().arm(new Misbehaviour.Break(-1, Misbehaviour.How.RESET), ever, 0.03, "/v1");
        vendor.faults().arm(new Misbehaviour.Break(4, Misbehaviour.How.CLOSE), ever, 0.03, "/v1");
        vendor.faults().arm(new Misbehaviour.Slow(3), ever, 0.3, "/v1");
    }

    private void kill(Path directory, String config, Duration life) throws Exception {
        Daemon daemon = Daemon.startIn(directory, config, Map.of(), null);
        tornTails += daemon.err().contains("are cut") ? 1 : 0;
        int before = load.sent();
        long[] killed = new long[1];
        answers.addAll(
                load.until(
                        daemon,
                        life,
                        () -> {
                            killed[0] = System.nanoTime();
                            daemon.kill();
                        }));
        for (int number = before + 1; number <= load.sent(); number++) {
            killedAt.put(number, killed[0]);
        }
    }

    private void compare(Path ledger, Daemon last, KillTruth truth) throws Exception {
        tornTails += last.err().contains("are cut") ? 1 : 0;
        List<Entry> entries = new ArrayList<>();
        var all = new Period(Instant.EPOCH, Instant.MAX);
        List<String> missing = new LedgerReader(ledger).read(all, entries::add);
        assertEquals(List.of(), missing);
        Map<Integer, List<Entry>> byNumber = eachOnce(entries);
        for (Entry entry : entries) {
            isTrue(entry, truth);
        }
        for (Map.Entry<Integer, List<Entry>> request : byNumber.entrySet()) {
            hasEveryAttempt(request.getKey(), request.getValue(), truth);
        }
        int lost = 0;
        for (KillLoad.Answer answer : answers) {
            lost += isKept(answer, byNumber.getOrDefault(answer.number(), List.of())) ? 0 : 1;
        }
        isReported(entries, last);
        long failed = entries.stream().filter(entry -> !entry.outcome().equals("ok")).count();
        System.out.printf(
                "kills %d: sent %d, answered whole %d, vendors saw %d calls (%d of"
                        + " them once more in one attempt); recorded %d attempts"
                        + " (%d failed) of %d requests; answered and not recorded %d, the oldest"
                        + " of them %d ms before a kill; torn tails cut %d%n",
                KILLS,
                load.sent(),
                answers.size(),
                truth.seen(),
                resent,
                entries.size(),
                failed,
                byNumber.size(),
                lost,
                oldestLostNanos / 1_000_000,
                tornTails);
        assertTrue(failed > 0 && answers.size() > KILLS, "too little happened");
    }

    private static Map<Integer, List<Entry>> eachOnce(List<Entry> entries) {
        Set<String> ids = new HashSet<>();
        Map<Integer, List<Entry>> byNumber = new HashMap<>();
        for (Entry entry : entries) {
            assertTrue(ids.add(entry.requestId() + "/" + entry.attempt()), () -> "twice: " + entry);
            byNumber.computeIfAbsent(number(entry), _ -> new ArrayList<>()).add(entry);
        }
        return byNumber;
    }

    private static int number(Entry entry) {
        return Integer.parseInt(entry.tags().get("number"));
    }

    /** The record says what the vendor did, of a call that it saw. */
    private static void isTrue(Entry entry, KillTruth truth) throws Exception {
        int number = number(entry);
        assertTrue(truth.seen(entry.provider(), number) > 0, () -> "no call: " + entry);
        assertEquals(KillLoad.caller(number), entry.caller());
        assertEquals(KillLoad.streams(number), entry.stream());
        assertNotNull(entry.cost().usd(), entry::toString);
        if (entry.outcome().equals("ok")) {
            KillTruth.Used used = truth.used(entry.provider(), number);
            assertEquals(used.inputTokens(), entry.usage().inputTokens(), entry::toString);
            assertEquals(used.outputTokens(), entry.usage().outputTokens(), entry::toString);
            String[] prices = PRICES.get(entry.provider());
            BigDecimal cost = used.cost(prices[0], prices[1]);
            assertEquals(0, cost.compareTo(entry.cost().usd()), () -> cost + ": " + entry);
        }
    }

    /** A request's attempts are booked together: all calls of it that a vendor saw, or none. */
    private void hasEveryAttempt(int number, List<Entry> entries, KillTruth truth) {
        assertEquals(1, entries.stream().map(Entry::requestId).distinct().count());
        for (String vendor : PRICES.keySet()) {
            long booked = entries.stream().filter(e -> e.provider().equals(vendor)).count();
            int seen = truth.seen(vendor, number);
            int askedAgain = truth.reset(vendor, number);
            assertTrue(
                    booked <= seen && booked >= seen - askedAgain,
                    () -> seen + " calls seen by " + vendor + ": " + entries);
            resent += seen - (int) booked;
        }
    }

    /** Whether the answer's attempts are booked; those of the last moments need not be. */
    private boolean isKept(KillLoad.Answer answer, List<Entry> entries) throws Exception {
        if (entries.isEmpty()) {
            long before = killedAt.get(answer.number()) - answer.nanos();
            assertTrue(
                    before < PROMISED.toNanos(),
                    () -> before / 1_000_000 + " ms before the kill, and lost: " + answer);
            oldestLostNanos = Math.max(oldestLostNanos, before);
            return false;
        }
        assertEquals(answer.requestId(), entries.getFirst().requestId());
        if (!KillLoad.streams(answer.number())) {
            assertEquals(answer.attempts(), String.valueOf(entries.size()), answer::toString);
        }
        JsonNode told = cost(answer);
        if (!told.isMissingNode() && !told.isNull()) {
            BigDecimal sum = BigDecimal.ZERO;
            for (Entry entry : entries) {
                sum = sum.add(entry.cost().usd());
            }
            BigDecimal booked = sum;
            assertEquals(
                    0, booked.compareTo(new BigDecimal(told.asText())), () -> booked + " " + told);
        }
        return true;
    }

    /** What the client was told that it costs; missing where its answer is an error. */
    private static JsonNode cost(KillLoad.Answer answer) throws Exception {
        if (!KillLoad.streams(answer.number()) || answer.status() != 200) {
            return Json.read(answer.body()).path("cost").path("usd");
        }
        String data = "event: done\ndata: ";
        int done = answer.body().indexOf(data);
        return done < 0
                ? Json.object().path("cost")
                : Json.read(answer.body().substring(done + data.length()).strip())
                        .path("cost")
                        .path("usd");
    }

    /** The admin command's sum is the sum of the records. */
    private static void isReported(List<Entry> entries, Daemon daemon) throws Exception {
        String answer = daemon.admin("GET /usage?by=caller");
        JsonNode total = Json.read(answer.substring(answer.indexOf("\r\n\r\n") + 4)).path("total");
        BigDecimal sum = BigDecimal.ZERO;
        for (Entry entry : entries) {
            sum = sum.add(entry.cost().usd());
        }
        assertEquals(0, sum.compareTo(new BigDecimal(total.path("cost_usd").asText())));
        assertEquals(entries.size(), total.path("attempts").asInt());
        long requests = entries.stream().map(Entry::requestId).distinct().count();
        assertEquals(requests, total.path("requests").asLong());
    }
}

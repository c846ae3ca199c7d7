package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.simulate.Simulator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The daemon as a process: what it writes, and what happens when nobody takes it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogProcessTest {
    private static final String BODY =
            "{\"model\":\"anthropic/claude-haiku-4-5\",\"messages\":"
                    + "[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private Simulator vendor;
    private String config;

    @BeforeAll
    void start() throws Exception {
        vendor = Simulator.start(Simulator.Options.anthropic());
        config =
                "version: 1\nproviders: {anthropic: {base_url: \"%s\", keys: [{id: a, value: k}]}}"
                        .formatted(vendor.origin());
    }

    @AfterAll
    void stop() {
        vendor.close();
    }

    private static int ask(Daemon daemon, String... headers) throws Exception {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        return daemon.post("/v1/generate", body, headers).statusCode();
    }

    /** A number that the metrics tell, without labels. */
    private static long metric(Daemon daemon, String name) throws Exception {
        return daemon.probe("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theRequestLogAloneIsOnStandardOutputAndBothAreJson() throws Exception {
        try (var daemon = Daemon.start(config, Map.of(), null)) {
            assertEquals(200, ask(daemon));
            daemon.raw("GARBAGE\r\n\r\n");
            assertTrue(daemon.stop(Duration.ofSeconds(20)));
            List<String> out = daemon.out().lines().toList();
            assertEquals(2, out.size(), daemon.out());
            assertEquals("200", Json.read(out.getFirst()).path("status").asText());
            List<String> err = daemon.err().lines().toList();
            for (String line : err) {
                JsonNode note = Json.read(line);
                assertTrue(note.has("ts") && note.has("level") && note.has("msg"), line);
            }
            assertTrue(err.getFirst().contains(" serves anthropic on "), err::toString);
            assertEquals("stopped", Json.read(err.getLast()).path("msg").asText());
        }
    }

    @Test
    void standardErrorIsTextWhereThatIsAskedFor() throws Exception {
        Map<String, String> environment = Map.of("PILLION_LOG_FORMAT", "text");
        try (var daemon = Daemon.start(config, environment, null)) {
            assertTrue(daemon.stop(Duration.ofSeconds(20)));
            assertTrue(daemon.err().startsWith("pillion: version "), daemon.err());
            assertTrue(daemon.err().endsWith("pillion: stopped\n"), daemon.err());
        }
    }

    @Test
    void aBadConfigurationIsToldInTheSameForm() throws Exception {
        var directory = Files.createTempDirectory("pillion-bad");
        var file = Files.writeString(directory.resolve("bad.yaml"), "version: 1\nprovidres: {}\n");
        List<String> command = new ArrayList<>(Daemon.java());
        command.addAll(List.of("run", "--config=" + file));
        Process process = new ProcessBuilder(command).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(78, process.waitFor());
        Files.delete(file);
        Files.delete(directory);
        JsonNode note = Json.read(err.lines().findFirst().orElseThrow());
        assertEquals("error", note.path("level").asText());
        assertTrue(note.path("msg").asText().contains("providers"), err);
    }

    /**
     * The pipe holds 64 KiB, the queue so many lines: what comes then is dropped, and nobody waits.
     */
    @Test
    void aPipeThatNobodyReadsHoldsUpNobody() throws Exception {
        try (var daemon = Daemon.start(config, Map.of(), ProcessBuilder.Redirect.PIPE);
                var threads = Executors.newFixedThreadPool(8)) {
            Callable<Void> asking =
                    () -> {
                        String get = "GET / HTTP/1.1\r\nhost: localhost\r\n";
                        String last = get + "connection: close\r\n\r\n";
                        for (int i = 0; i < 26; i++) {
                            daemon.pipelined((get + "\r\n").repeat(49) + last);
                        }
                        return null;
                    };
            for (var done :
                    threads.invokeAll(IntStream.range(0, 8).mapToObj(_ -> asking).toList())) {
                done.get();
            }
            assertEquals(200, ask(daemon));
            assertNotEquals(0, metric(daemon, "pillion_log_dropped_lines_total"));
            assertTrue(daemon.admin("GET /status").contains("log_dropped_lines"));
            assertTrue(daemon.err().contains("request log: lines are dropped"), daemon.err());
            assertTrue(daemon.stop(Duration.ofSeconds(20)), "the drain waits for the pipe");
            assertTrue(daemon.err().contains("lines were not written in all"), daemon.err());
        }
    }

    @Test
    void aClosedStandardOutputIsNoMoreThanLinesLost() throws Exception {
        try (var daemon = Daemon.start(config, Map.of(), ProcessBuilder.Redirect.PIPE)) {
            daemon.process().getInputStream().close();
            for (int i = 0; i < 3; i++) {
                assertEquals(200, ask(daemon));
            }
            for (int i = 0; metric(daemon, "pillion_log_dropped_lines_total") < 3; i++) {
                assertTrue(i < 200, "the lines are not counted");
                Thread.sleep(25);
            }
            assertTrue(daemon.err().contains("it can't be written"), daemon.err());
            assertTrue(daemon.stop(Duration.ofSeconds(20)));
            assertEquals(0, daemon.process().exitValue());
        }
    }

    @Test
    void linesOfSeveralLoopsAreWholeAndOneARequest() throws Exception {
        try (var daemon = Daemon.start(config, Map.of(), null, "--event-loops=2");
                var threads = Executors.newFixedThreadPool(8)) {
            Callable<Void> asking =
                    () -> {
                        for (int i = 0; i < 50; i++) {
                            assertEquals(200, ask(daemon, "x-pillion-tags", "n=" + "v".repeat(99)));
                        }
                        return null;
                    };
            for (var done :
                    threads.invokeAll(IntStream.range(0, 8).mapToObj(_ -> asking).toList())) {
                done.get();
            }
            assertTrue(daemon.stop(Duration.ofSeconds(20)));
            Set<String> ids = new HashSet<>();
            for (String line : daemon.out().lines().toList()) {
                ids.add(Json.read(line).path("request_id").asText());
            }
            assertEquals(400, daemon.out().lines().count());
            assertEquals(400, ids.size());
        }
    }
}

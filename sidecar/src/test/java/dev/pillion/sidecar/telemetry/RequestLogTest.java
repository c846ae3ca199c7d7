package dev.pillion.sidecar.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The request log's lines: what stands in them, and that nothing breaks them. */
class RequestLogTest {
    private static final List<String> FIELDS =
            List.of(
                    "ts",
                    "level",
                    "msg",
                    "request_id",
                    "trace_id",
                    "caller",
                    "uid",
                    "surface",
                    "class",
                    "provider",
                    "model",
                    "key_id",
                    "stream",
                    "status",
                    "outcome",
                    "stop",
                    "attempts",
                    "input_tokens",
                    "cached_input_tokens",
                    "cache_write_tokens",
                    "output_tokens",
                    "thinking_tokens",
                    "web_searches",
                    "cost_usd",
                    "ttft_ms",
                    "duration_ms",
                    "overhead_us",
                    "tags");

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final Diagnostics diagnostics = Diagnostics.lines(told::add);

    static RequestRecord record(String caller, String model, int status, String outcome) {
        var cost = new Cost(new BigDecimal("0.0000000001"), false, null);
        var usage = new Usage(11, 3, 2, 1, 7, 4, 0, 0, 1, null, false);
        return new RequestRecord(
                Instant.EPOCH,
                "id-1",
                null,
                caller,
                7L,
                "generate",
                "fast",
                "house",
                model,
                "k1",
                true,
                status,
                outcome,
                "end",
                List.of(
                        new AttemptRecord(
                                "house", model, "k1", "timeout", 5, Usage.NONE, Cost.UNKNOWN),
                        new AttemptRecord("house", model, "k2", outcome, 9, usage, cost)),
                usage,
                new Cost(null, false, null),
                12L,
                34,
                56,
                Map.of("team", caller));
    }

    private List<String> lines(RequestRecord... records) {
        var out = new ByteArrayOutputStream();
        try (var log = new RequestLog(out, diagnostics)) {
            for (RequestRecord each : records) {
                log.log(each);
            }
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aLineHasTheContractsFieldsAndNoOthers() throws Exception {
        JsonNode line = Json.read(lines(record("me", "parrot", 200, "ok")).getFirst());
        List<String> names = new ArrayList<>();
        line.fieldNames().forEachRemaining(names::add);
        assertEquals(FIELDS, names);
        assertEquals("info", line.path("level").asText());
        assertEquals("request", line.path("msg").asText());
        assertTrue(line.path("cost_usd").isNull(), "an unknown cost is none");
        assertEquals(3, line.path("cache_write_tokens").asInt());
        JsonNode attempts = line.path("attempts");
        assertTrue(attempts.path(0).path("cost_usd").isNull());
        assertEquals("0.0000000001", attempts.path(1).path("cost_usd").textValue());
        assertEquals("k2", attempts.path(1).path("key_id").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "200,ok,info",
        "499,cancelled,info",
        "400,invalid_request,warn",
        "402,budget_exceeded,warn",
        "408,timeout,warn",
        "503,overloaded,error",
        "500,internal,error",
        "200,upstream_protocol,error"
    })
    void theLevelTellsWhoseDoingAFailureWas(int status, String outcome, String level)
            throws Exception {
        String line = lines(record("me", "parrot", status, outcome)).getFirst();
        assertEquals(level, Json.read(line).path("level").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n{\"msg\":\"request\"}",
                "a\r\u0085\u2028\u2029b",
                "\u001b[2J\u009b31m",
                "\ud800",
                "a\udc00b",
                "\u202eevil\u2066",
                "\u0000\u007f",
                "\"}\\"
            })
    void noNameBreaksALineOrItsNeighbours(String name) throws Exception {
        List<String> lines =
                lines(
                        record("before", "parrot", 200, "ok"),
                        record(name, name, 200, "ok"),
                        record("after", "parrot", 200, "ok"));
        assertEquals(3, lines.size(), lines::toString);
        assertEquals("before", Json.read(lines.getFirst()).path("caller").asText());
        assertEquals("after", Json.read(lines.getLast()).path("caller").asText());
        String caller = Json.read(lines.get(1)).path("caller").asText();
        assertTrue(
                caller.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x202E),
                lines.get(1));
        assertEquals(List.of(), told);
    }

    @Test
    void aLineIsBoundedWhateverTheNames() {
        String name = "é".repeat(1 << 20);
        assertTrue(lines(record(name, name, 200, "ok")).getFirst().length() < 4_096);
    }

    @Test
    void whatNobodyTakesIsDroppedAndToldOfOnce() throws Exception {
        var blocked = new CountDownLatch(1);
        OutputStream out =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[0], 0, 0);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int count) {
                        try {
                            blocked.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                };
        try (var log = new RequestLog(out, diagnostics)) {
            for (int i = 0; i < 20_000; i++) {
                log.log(record("me", "parrot", 200, "ok"));
            }
            assertTrue(log.droppedLines() >= 20_000 - 8_192 - 1_024, "dropped too few");
            assertEquals(1, told.size(), told::toString);
            assertTrue(told.getFirst().startsWith("pillion: request log: lines are dropped"));
            blocked.countDown();
        }
        assertEquals(2, told.size(), told::toString);
    }

    @Test
    void afterAWriteThatFailedTheNextLineStandsByItself() throws Exception {
        var written = new ByteArrayOutputStream();
        OutputStream out =
                new OutputStream() {
                    private boolean failed;

                    @Override
                    public void write(int b) {
                        written.write(b);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int count) throws IOException {
                        if (!failed) {
                            failed = true;
                            written.write(bytes, from, 10);
                            throw new IOException("No space left on device");
                        }
                        written.write(bytes, from, count);
                    }
                };
        try (var log = new RequestLog(out, diagnostics)) {
            log.log(record("first", "parrot", 200, "ok"));
            while (log.droppedLines() == 0) {
                Thread.onSpinWait();
            }
            log.log(record("second", "parrot", 200, "ok"));
        }
        List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size(), lines::toString);
        assertEquals("second", Json.read(lines.getLast()).path("caller").asText());
        assertTrue(told.getFirst().contains("1 up to now"), told::toString);
    }

    @Test
    @DisplayName("F50 a note tells a defect by its place, never by its message")
    void aDefectsMessageIsNoPartOfItsNote() {
        var defect = new IllegalStateException("secret", new IOException("prompt"));
        diagnostics.defect("request id-1", defect);
        String text = told.getFirst();
        assertTrue(text.startsWith("pillion: defect in request id-1: java.lang.Ill"), text);
        assertTrue(text.contains("\n    caused by java.io.IOException\n"), text);
        assertTrue(text.contains("RequestLogTest.aDefectsMessageIsNoPartOfItsNote"), text);
        assertFalse(text.contains("secret") || text.contains("prompt"), text);
        assertNull(LogText.cleanOrNull(null, 1));
    }
}

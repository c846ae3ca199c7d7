package dev.pillion.sidecar.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.sidecar.config.RoutingConfig.ContentBlocked;
import dev.pillion.sidecar.dispatch.FaultClass.Again;
import dev.pillion.sidecar.dispatch.FaultClass.Keys;
import dev.pillion.sidecar.dispatch.FaultClass.Others;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FaultTableTest {
    private static final Path README = Path.of("..", "README.md");

    /** The adapters' golden files: what each vendor answers, and the fault that it is read as. */
    private static final Path GOLDEN =
            Path.of("..", "adapters", "src", "test", "resources", "golden");

    /** Which row the same case must have at every vendor. */
    private static final Map<String, FaultClass> ROWS =
            Map.ofEntries(
                    Map.entry("api-error", FaultClass.SERVER_ERROR),
                    Map.entry("bad-gateway-html", FaultClass.SERVER_ERROR),
                    Map.entry("overloaded", FaultClass.OVERLOADED),
                    Map.entry("overloaded-empty", FaultClass.OVERLOADED),
                    Map.entry("rate-limited-unsaid", FaultClass.RATE_LIMITED),
                    Map.entry("rate-limited-seconds", FaultClass.RATE_LIMITED_UNTIL),
                    Map.entry("rate-limited-date", FaultClass.RATE_LIMITED_UNTIL),
                    Map.entry("rate-limited-millis", FaultClass.RATE_LIMITED_UNTIL),
                    Map.entry("rate-limited-reset", FaultClass.RATE_LIMITED_UNTIL),
                    Map.entry("timeout", FaultClass.TIMEOUT),
                    Map.entry("bad-key", FaultClass.BAD_KEY),
                    Map.entry("bad-key-as-400", FaultClass.BAD_KEY),
                    Map.entry("no-key", FaultClass.BAD_KEY),
                    Map.entry("unauthenticated", FaultClass.BAD_KEY),
                    Map.entry("quota", FaultClass.QUOTA),
                    Map.entry("billing", FaultClass.QUOTA),
                    Map.entry("credit-balance", FaultClass.QUOTA),
                    Map.entry("spend-limit", FaultClass.QUOTA),
                    Map.entry("payment", FaultClass.QUOTA),
                    Map.entry("location", FaultClass.PERMISSION),
                    Map.entry("redirect", FaultClass.REFUSED),
                    Map.entry("model-not-found", FaultClass.NOT_FOUND),
                    Map.entry("context-too-long", FaultClass.CONTEXT_TOO_LONG),
                    Map.entry("context-with-output", FaultClass.CONTEXT_TOO_LONG),
                    Map.entry("content-filtered", FaultClass.CONTENT_FILTERED),
                    Map.entry("invalid-request", FaultClass.INVALID_REQUEST),
                    Map.entry("too-large", FaultClass.TOO_LARGE));

    @Test
    void theReadmeHasTheTable() throws IOException {
        assumeTrue(Files.exists(README));
        String table = String.join("\n", FaultClass.table());
        assertTrue(
                Files.readString(README).contains("\n\n" + table + "\n\n"),
                () -> "README.md must have this table:\n" + table);
    }

    @Test
    @DisplayName("F17 F18: what any vendor's error lets follow is what its adapter says of it")
    void everyVendorsErrorsHaveTheirRow() throws IOException {
        assumeTrue(Files.exists(GOLDEN));
        Map<String, FaultClass> wrong = new TreeMap<>();
        EnumSet<FaultClass> seen = EnumSet.noneOf(FaultClass.class);
        for (Path each : faults()) {
            String name = each.getParent().getFileName().toString();
            Fault fault = fault(new ObjectMapper().readTree(each.toFile()));
            FaultClass row = FaultClass.of(fault);
            seen.add(row);
            if (ROWS.getOrDefault(name, row) != row || !follows(fault.retry(), row)) {
                wrong.put(each.toString(), row);
            }
        }
        assertEquals(Map.of(), wrong);
        assertTrue(seen.containsAll(ROWS.values()), seen.toString());
    }

    private static List<Path> faults() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(each -> each.endsWith("fault.json")).sorted().toList();
        }
    }

    private static Fault fault(JsonNode told) {
        JsonNode millis = told.path("retry_after_millis");
        return new Fault(
                FaultKind.valueOf(told.path("kind").asText().toUpperCase(Locale.ROOT)),
                Origin.valueOf(told.path("origin").asText().toUpperCase(Locale.ROOT)),
                Retry.valueOf(told.path("retry").asText().toUpperCase(Locale.ROOT)),
                "",
                null,
                millis.isNumber() ? Duration.ofMillis(millis.asLong()) : null,
                null);
    }

    private static boolean follows(Retry retry, FaultClass row) {
        Others others = row.others(ContentBlocked.SAME);
        boolean again = row.again() != Again.NO;
        return switch (retry) {
            case NEVER -> !again && row.keys() == Keys.NONE && others == Others.NONE;
            case ANYWHERE -> again && row.keys() == Keys.ALL && others == Others.ALL;
            case ELSEWHERE -> !again && others == Others.ALL;
            case LARGER_CONTEXT -> !again && others == Others.LARGER_CONTEXT;
        };
    }

    @Test
    @DisplayName("F17: what fails on the way to a vendor has its row by its phase")
    void whatFailsOnTheWayHasItsRow() {
        assertEquals(
                List.of(
                        FaultClass.UNREACHABLE,
                        FaultClass.TIMEOUT,
                        FaultClass.CUT,
                        FaultClass.GARBAGE),
                List.of(
                        FaultClass.of(Fault.network(FaultKind.UNAVAILABLE, "refused")),
                        FaultClass.of(Fault.network(FaultKind.TIMEOUT, "connect")),
                        FaultClass.of(Fault.network(FaultKind.UPSTREAM_PROTOCOL, "reset")),
                        FaultClass.of(Fault.protocol("no HTTP"))));
    }

    @Test
    void whatIsOursIsAskedOfNobodyElse() {
        List<Fault> ours = new ArrayList<>();
        ours.add(Fault.internal("a defect"));
        ours.add(Fault.caller(FaultKind.AUTHENTICATION, "no token", null));
        ours.add(
                new Fault(
                        FaultKind.OVERLOADED,
                        Origin.PILLION,
                        Retry.NEVER,
                        "no room",
                        null,
                        null,
                        null));
        for (Fault each : ours) {
            assertEquals(FaultClass.OURS, FaultClass.of(each), each.toString());
        }
    }

    @Test
    void blockedContentGoesElsewhereWhereTheConfigurationSaysSo() {
        assertEquals(Others.NONE, FaultClass.CONTENT_FILTERED.others(ContentBlocked.SAME));
        assertEquals(Others.ALL, FaultClass.CONTENT_FILTERED.others(ContentBlocked.ELSEWHERE));
        assertEquals(Others.NONE, FaultClass.INVALID_REQUEST.others(ContentBlocked.ELSEWHERE));
    }
}

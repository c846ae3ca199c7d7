package dev.pillion.sidecar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.account.Entry;
import dev.pillion.sidecar.account.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pillion admin usage} on a ledger that no daemon has any more. */
class UsageCommandTest {
    @TempDir private Path state;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private PrintStream usualOut;
    private PrintStream usualErr;

    @BeforeEach
    void bookAndCapture() throws Exception {
        try (var ledger =
                Ledger.open(
                        state.resolve("ledger"),
                        Ledger.Retention.DEFAULT,
                        InstantSource.system(),
                        line -> {})) {
            Instant now = Instant.now();
            ledger.book(List.of(entry(now, "r1", 1, null), entry(now, "r1", 2, "0.10")));
            ledger.book(List.of(entry(now, "r2", 1, "0.0000000001")));
        }
        usualOut = System.out;
        usualErr = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(usualOut);
        System.setErr(usualErr);
    }

    private static Entry entry(Instant at, String request, int attempt, String usd) {
        return new Entry(
                at,
                request,
                attempt,
                "billing, \"eu\"",
                null,
                Map.of("team", "blue"),
                "generate",
                null,
                "anthropic",
                "m",
                "a1",
                false,
                usd == null ? "timeout" : "ok",
                5,
                new Usage(100, 20, 10, 5, 50, 30, 0, 0, 2, null, usd == null),
                new Cost(usd == null ? null : new BigDecimal(usd), false, null));
    }

    private int usage(String... more) {
        String[] first = {"admin", "usage", "--ledger", state.resolve("ledger").toString()};
        return PillionCommand.execute(
                Map.of(), Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void jsonHasTheRowsAndTheTotal() throws Exception {
        assertEquals(0, usage("--by", "tag:team", "--since", "1h", "--output", "json"), err());
        String sums =
                "\"requests\":2,\"attempts\":3,\"input_tokens\":300,\"cached_input_tokens\":60,"
                        + "\"cache_write_tokens\":45,\"output_tokens\":150,\"thinking_tokens\":90,"
                        + "\"web_searches\":6,\"cost_usd\":\"0.1000000001\",\"estimated\":1,"
                        + "\"unpriced\":1}";
        assertEquals(
                Json.read(
                        "{\"rows\":[{\"tag:team\":\"blue\"," + sums + "],\"total\":{" + sums + "}"),
                Json.read(out()));
    }

    @Test
    void csvHasAHeadAndQuotesWhatMustBeQuoted() {
        assertEquals(0, usage("--output", "csv"), err());
        assertEquals(
                "caller,requests,attempts,input_tokens,cached_input_tokens,cache_write_tokens,output_tokens,thinking_tokens,web_searches,cost_usd,estimated,unpriced\r\n"
                    + "\"billing, \"\"eu\"\"\",2,3,300,60,45,150,90,6,0.1000000001,1,1\r\n",
                out());
    }

    @Test
    void theTableEndsInItsTotal() {
        assertEquals(0, usage("--by", "key,day"), err());
        List<String> lines = out().lines().toList();
        assertEquals(3, lines.size(), out());
        assertTrue(lines.get(0).startsWith("provider   key  day "), out());
        assertTrue(lines.get(2).startsWith("total "), out());
        assertTrue(lines.get(2).contains(" 0.1000000001 "), out());
    }

    @Test
    void whatIsMissingIsToldBesideTheSums() throws Exception {
        Path ledger = state.resolve("ledger");
        Files.writeString(ledger.resolve("1790000000000-9.ledger"), "PILLION LEDGER 2\n???");
        assertEquals(0, usage());
        assertTrue(err().startsWith("pillion: incomplete: " + ledger), err());
        assertEquals(3, out().lines().count());
        out.reset();
        assertEquals(0, usage("--output", "json"));
        assertEquals(1, Json.read(out()).path("incomplete").size());
    }

    @Test
    void badInputIsExit2AndNamed() {
        assertEquals(2, usage("--by", "colour"));
        assertTrue(err().startsWith("pillion: by: 'colour' (expected: caller,"), err());
        err.reset();
        assertEquals(2, usage("--since", "tomorrow"));
        assertTrue(err().startsWith("pillion: since: 'tomorrow' (expected:"), err());
        err.reset();
        assertEquals(2, usage("--output", "xml"));
    }

    @Test
    void aDirectoryWithoutALedgerIsExit1() {
        String elsewhere = state.resolve("none").toString();
        assertEquals(1, PillionCommand.execute(Map.of(), "admin", "usage", "--ledger", elsewhere));
        assertTrue(err().contains("none: is no directory"), err());
    }

    @Test
    void aDaemonThatIsNotThereIsExit69() {
        String nowhere = state.resolve("none.sock").toString();
        assertEquals(
                69, PillionCommand.execute(Map.of(), "admin", "usage", "--admin-socket", nowhere));
    }

    @Test
    void boundsOfTheLedgerThatAreNoneAreExit2() {
        assertEquals(2, PillionCommand.execute(Map.of(), "run", "--ledger-days", "0"));
        assertTrue(err().contains("--ledger-days: 0 (expected: 1 to 3650)"), err());
        assertEquals(2, PillionCommand.execute(Map.of(), "run", "--ledger-max-bytes", "1000"));
        assertTrue(err().contains("--ledger-max-bytes: 1000 (expected: at least"), err());
    }
}

package dev.pillion.sidecar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pillion.protocol.wire.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class LimitsTableTest {
    @Test
    void numbersStandToTheRightAndAMissingBudgetIsNone() throws Exception {
        var out = new StringWriter();
        LimitsTable.print(
                Json.read(
                        """
                        {"callers": [
                          {"caller": "default", "budget_usd": "50", "spent_usd": "0.25",
                           "reserved_usd": "0", "refused": 12,
                           "resets_at": "2026-11-24T00:00:00Z"},
                          {"caller": "batch", "budget_usd": null, "spent_usd": "1",
                           "reserved_usd": "0.5", "refused": 0,
                           "resets_at": "2026-11-24T00:00:00Z"}],
                         "restored": false}
                        """),
                new PrintWriter(out, true));
        assertEquals(
                """
                caller   budget_usd  spent_usd  reserved_usd  refused  resets_at
                default          50       0.25             0       12  2026-11-24T00:00:00Z
                batch          none          1           0.5        0  2026-11-24T00:00:00Z
                (what was spent today before the start is still being read)
                """,
                out.toString().replace(System.lineSeparator(), "\n"));
    }
}

package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class MillionRecordsTest {
    private static final int REQUESTS = 500_000;
    private static final int AT_ONCE = 1_000;

    /** Two attempts each, at two vendors, the first of them without a price. */
    @Test
    void aMillionRecordsAreSummedToTheLastDigit() throws Exception {
        try (var bed = new LedgerBed(Ledger.Retention.DEFAULT, InstantSource.system())) {
            long began = System.nanoTime();
            for (int i = 0; i < REQUESTS; i += AT_ONCE) {
                bed.ledger().book(requests(i));
                if (i % (20 * AT_ONCE) == 0) {
                    bed.ledger().settle();
                }
            }
            bed.ledger().settle();
            long written = System.nanoTime();
            JsonNode report = bed.report("provider,hour");
            long read = System.nanoTime();
            System.out.printf(
                    "%d records, %d bytes: written in %d ms, summed in %d ms%n",
                    2 * REQUESTS,
                    bed.ledger().bytes(),
                    (written - began) / 1_000_000,
                    (read - written) / 1_000_000);
            JsonNode total = report.path("total");
            assertEquals(REQUESTS, total.path("requests").asInt());
            assertEquals(2 * REQUESTS, total.path("attempts").asInt());
            assertEquals(REQUESTS, total.path("unpriced").asInt());
            assertEquals("0.61728395", total.path("cost_usd").asText());
            assertEquals(0, bed.ledger().dropped());
        }
    }

    private static List<Entry> requests(int from) {
        List<Entry> entries = new ArrayList<>();
        for (int i = from; i < from + AT_ONCE; i++) {
            var at = Entries.NOON.plus(Duration.ofMillis(10L * i));
            entries.add(Entries.of(at, "r" + i, 1, "openai", null));
            entries.add(Entries.of(at, "r" + i, 2, "anthropic", "0.0000012345679"));
        }
        return entries;
    }
}

package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerTest {
    @Test
    void whatIsBookedIsReadAgainWithEveryField() {
        try (var bed = new LedgerBed()) {
            List<Entry> booked = List.of(Entries.full("r1", 1), Entries.full("r1", 2));
            bed.ledger().book(booked);
            assertEquals(booked, bed.entries());
        }
    }

    @Test
    void fieldsThatSayNothingComeBackAsTheyWere() {
        try (var bed = new LedgerBed()) {
            Entry entry = Entries.of(Entries.NOON, "r1", 1, "openai", null);
            bed.ledger().book(List.of(entry));
            assertEquals(List.of(entry), bed.entries());
        }
    }

    @Test
    void aClosedLedgerIsGoneOnWithByTheNext() throws IOException {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.reopen();
            bed.ledger().book(List.of(Entries.full("r2", 1)));
            assertEquals(List.of("r1", "r2"), ids(bed.entries()));
            assertTrue(bed.told.isEmpty(), bed.told.toString());
        }
    }

    @Test
    void twoDaemonsMayShareADirectoryAndNeitherCutsTheOthersFile() throws IOException {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.entries();
            try (Ledger other =
                    Ledger.open(
                            bed.directory,
                            Ledger.Retention.DEFAULT,
                            InstantSource.system(),
                            bed.told::add)) {
                other.book(List.of(Entries.full("r2", 1)));
                bed.ledger().book(List.of(Entries.full("r3", 1)));
            }
            assertEquals(List.of("r1", "r2", "r3"), ids(bed.entries()).stream().sorted().toList());
        }
    }

    @Test
    void aLedgerThatIsOffKeepsNothingAndReadsWhatIsThere() throws Exception {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.entries();
            try (Ledger off =
                    Ledger.open(
                            bed.directory,
                            Ledger.Retention.NOTHING,
                            InstantSource.system(),
                            bed.told::add)) {
                off.book(List.of(Entries.full("r2", 1)));
                List<Entry> read = new ArrayList<>();
                off.read(LedgerBed.ALL, read::add);
                assertEquals(List.of("r1"), ids(read));
                assertEquals(0, off.dropped());
            }
            assertEquals(List.of("r1"), ids(bed.entries()));
        }
    }

    @Test
    void fullFilesAreClosedAndTheOldestGoFirst() throws IOException {
        var retention = new Ledger.Retention(2_000, 10_000, Duration.ofDays(90));
        try (var bed = new LedgerBed(retention, InstantSource.system())) {
            for (int i = 0; i < 100; i++) {
                bed.ledger().book(List.of(Entries.full("r" + i, 1)));
                bed.entries();
            }
            long bytes = 0;
            for (Path file : bed.files()) {
                bytes += Files.size(file);
            }
            assertTrue(bytes <= 10_000 + 3_000, bytes + " bytes");
            List<String> ids = ids(bed.entries());
            int first = 100 - ids.size();
            assertEquals(IntStream.range(first, 100).mapToObj(i -> "r" + i).toList(), ids);
            assertTrue(bed.told.getFirst().contains("larger than its bound"));
        }
    }

    @Test
    void recordsOlderThanTheRetentionGo() throws IOException {
        var now = new AtomicReference<>(Instant.now());
        var retention = new Ledger.Retention(1 << 20, 1 << 20, Duration.ofDays(2));
        try (var bed = new LedgerBed(retention, now::get)) {
            bed.ledger().book(List.of(Entries.full("old", 1)));
            bed.entries();
            now.set(now.get().plus(Duration.ofDays(3)));
            bed.ledger().book(List.of(Entries.full("new", 1)));
            assertEquals(List.of("new"), ids(bed.entries()));
            assertEquals(1, bed.told.size(), bed.told.toString());
            assertTrue(bed.told.getFirst().contains("older than the retention"));
        }
    }

    @Test
    void onlyThePeriodIsRead() {
        Instant noon = Entries.NOON;
        try (var bed = new LedgerBed(Ledger.Retention.DEFAULT, InstantSource.fixed(noon))) {
            for (int i = 0; i < 5; i++) {
                Instant at = noon.plusSeconds(i);
                bed.ledger().book(List.of(Entries.of(at, "r" + i, 1, "xai", "1")));
            }
            var period = new Period(noon.plusSeconds(1), noon.plusSeconds(3));
            assertEquals(List.of("r1", "r2"), ids(bed.entries(period)));
        }
    }

    @Test
    void aDirectoryThatIsAFileIsRefused() throws IOException {
        Path file = Files.createTempFile("pillion", "ledger");
        try {
            IOException e =
                    assertThrows(
                            IOException.class,
                            () ->
                                    Ledger.open(
                                            file,
                                            Ledger.Retention.DEFAULT,
                                            InstantSource.system(),
                                            line -> {}));
            assertTrue(String.valueOf(e.getMessage()).contains(file.toString()));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void whatCannotBeARecordCostsNoOtherItsPlace() {
        try (var bed = new LedgerBed()) {
            Entry long64 = Entries.of(Entries.NOON, "r1", 1, "x".repeat(70_000), "1");
            bed.ledger().book(List.of(long64, Entries.full("r2", 1)));
            assertEquals(List.of("r2"), ids(bed.entries()));
            assertEquals(1, bed.ledger().dropped());
            assertTrue(bed.missing.getFirst().startsWith("1 attempts could not"));
        }
    }

    @Test
    void aClockThatGoesBackLosesNothing() throws IOException {
        var now = new AtomicReference<>(Entries.NOON);
        try (var bed = new LedgerBed(Ledger.Retention.DEFAULT, now::get)) {
            bed.ledger().book(List.of(Entries.of(now.get(), "late", 1, "xai", "1")));
            bed.entries();
            now.set(Entries.NOON.minus(Duration.ofDays(2)));
            bed.ledger().book(List.of(Entries.of(now.get(), "early", 1, "xai", "1")));
            assertEquals(List.of("early", "late"), ids(bed.entries()));
            assertEquals(2, bed.files().size());
            var before = new Period(Instant.EPOCH, Entries.NOON.minus(Duration.ofDays(1)));
            assertEquals(List.of("early"), ids(bed.entries(before)));
        }
    }

    @Test
    void aDirectoryThatIsRemovedIsMadeAgain() throws IOException {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.entries();
            bed.removeFiles();
            bed.ledger().book(List.of(Entries.full("r2", 1)));
            assertEquals(List.of("r2"), ids(bed.entries()));
            assertTrue(bed.told.getFirst().contains("was removed"), bed.told.toString());
        }
    }

    @Test
    void whatCannotBeWrittenWaitsUntilItCan() throws Exception {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.entries();
            bed.removeFiles();
            Files.createFile(bed.directory);
            bed.ledger().book(List.of(Entries.full("r2", 1), Entries.full("r2", 2)));
            while (bed.ledger().trouble() == null) {
                Thread.onSpinWait();
            }
            bed.ledger().book(List.of(Entries.full("r3", 1)));
            Files.delete(bed.directory);
            Files.createDirectory(bed.directory);
            assertEquals(List.of("r2", "r2", "r3"), ids(bed.entries()));
            assertNull(bed.ledger().trouble());
            assertEquals(0, bed.ledger().dropped());
        }
    }

    @Test
    void aReadingLeavesTheWritersClaimInForce() throws IOException {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.entries();
            Ledger.open(
                            bed.directory,
                            Ledger.Retention.DEFAULT,
                            InstantSource.system(),
                            bed.told::add)
                    .close();
            Object inode = Files.getAttribute(bed.directory.resolve("0.lock"), "unix:ino");
            String locks = Files.readString(Path.of("/proc/locks"));
            assertTrue(locks.contains(":" + inode + " "), "the lock of " + inode + " is lost");
        }
    }

    static List<String> ids(List<Entry> entries) {
        List<String> ids = new ArrayList<>();
        entries.forEach(entry -> ids.add(entry.requestId()));
        return ids;
    }
}

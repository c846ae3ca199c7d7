package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Wherever a crash cuts the file, whole records stay and half ones go. */
    @Test
    void aTornTailIsCutWhereverItIsTorn() throws IOException {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.entries();
            bed.ledger().book(List.of(Entries.full("r2", 1)));
            bed.entries();
            bed.ledger().close();
            Path file = bed.files().getFirst();
            byte[] whole = Files.readAllBytes(file);
            int head = Segment.HEAD.length;
            int second = head + (whole.length - head) / 2;
            for (int cut = 0; cut < whole.length; cut++) {
                Files.write(file, Arrays.copyOf(whole, cut));
                bed.reopen();
                assertEquals(cut >= second ? 1 : 0, bed.entries().size(), "cut at " + cut);
                long sound = cut >= second ? second : cut >= head ? head : 0;
                assertEquals(sound, Files.size(file), "cut at " + cut);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 7, 8, 40})
    void aDamagedByteEndsWhatIsRead(int at) throws IOException {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.reopen();
            Path file = bed.files().getFirst();
            try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.seek(Segment.HEAD.length + at);
                int was = raw.read();
                raw.seek(Segment.HEAD.length + at);
                raw.write(was ^ 0x40);
            }
            bed.reopen();
            assertEquals(List.of(), bed.entries());
            assertEquals(1, bed.told.size(), bed.told.toString());
            assertTrue(bed.told.getFirst().contains("are cut"), bed.told.getFirst());
        }
    }

    @Test
    void afterATornTailBookingGoesOn() throws IOException {
        try (var bed = new LedgerBed()) {
            bed.ledger().book(List.of(Entries.full("r1", 1)));
            bed.ledger().close();
            Path file = bed.files().getFirst();
            Files.write(file, new byte[] {0, 0, 0, 9, 1, 2}, StandardOpenOption.APPEND);
            bed.reopen();
            bed.ledger().book(List.of(Entries.full("r2", 1)));
            assertEquals(List.of("r1", "r2"), ids(bed.entries()));
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

    private static List<String> ids(List<Entry> entries) {
        List<String> ids = new ArrayList<>();
        entries.forEach(entry -> ids.add(entry.requestId()));
        return ids;
    }
}

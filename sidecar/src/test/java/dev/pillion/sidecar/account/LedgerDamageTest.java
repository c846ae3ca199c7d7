package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a ledger whose files are not as its writer left them. */
class LedgerDamageTest {
    /** A bed with so many records, one request each, after a crash. */
    private static LedgerBed crashed(int records) throws IOException {
        var bed = new LedgerBed();
        for (int i = 1; i <= records; i++) {
            bed.ledger().book(List.of(Entries.full("r" + i, 1)));
        }
        bed.entries();
        bed.crash();
        return bed;
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x40;
        Files.write(file, bytes);
    }

    /** Wherever a crash cuts the file, whole records stay and half ones go. */
    @Test
    void aTornTailIsCutWhereverItIsTorn() throws IOException {
        try (var bed = crashed(2)) {
            Path file = bed.files().getFirst();
            byte[] whole = Files.readAllBytes(file);
            int head = Segment.HEAD.length;
            int second = head + (whole.length - head) / 2;
            for (int cut = 0; cut < whole.length; cut++) {
                bed.crash();
                Files.write(file, Arrays.copyOf(whole, cut));
                bed.reopen();
                assertEquals(cut >= second ? 1 : 0, bed.entries().size(), "cut at " + cut);
                long sound = cut >= second ? second : cut >= head ? head : 0;
                assertEquals(sound, Files.size(file), "cut at " + cut);
                assertEquals(List.of(), bed.missing, "cut at " + cut);
            }
        }
    }

    @Test
    void aTailOfZerosIsCut() throws IOException {
        try (var bed = crashed(1)) {
            Path file = bed.files().getFirst();
            long sound = Files.size(file);
            Files.write(file, new byte[5_000], StandardOpenOption.APPEND);
            bed.reopen();
            assertEquals(sound, Files.size(file));
            assertEquals(List.of("r1"), LedgerTest.ids(bed.entries()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 7, 8, 40})
    void aDamagedLastRecordIsCutAndTold(int at) throws IOException {
        try (var bed = crashed(1)) {
            flip(bed.files().getFirst(), Segment.HEAD.length + at);
            bed.reopen();
            assertEquals(List.of(), bed.entries());
            assertEquals(1, bed.told.size(), bed.told.toString());
            assertTrue(bed.told.getFirst().contains("are cut"), bed.told.getFirst());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 7, 8, 40})
    void whatFollowsADamagedRecordIsRead(int at) throws IOException {
        try (var bed = crashed(3)) {
            Path file = bed.files().getFirst();
            long bytes = Files.size(file);
            int record = (int) (bytes - Segment.HEAD.length) / 3;
            flip(file, Segment.HEAD.length + record + at);
            bed.reopen();
            assertEquals(List.of("r1", "r3"), LedgerTest.ids(bed.entries()));
            assertEquals(bytes, Files.size(file), "nothing is cut before what is whole");
            assertEquals(1, bed.ledger().unreadable());
            bed.entries();
            assertEquals(1, bed.ledger().unreadable(), "counted once, however often it is read");
            assertTrue(bed.told.getFirst().contains("1 damaged places"), bed.told.toString());
            assertTrue(bed.missing.getFirst().contains("1 records or places are damaged"));
        }
    }

    @Test
    void recordsBehindADamagedHeadAreRead() throws IOException {
        try (var bed = crashed(2)) {
            flip(bed.files().getFirst(), 3);
            bed.reopen();
            assertEquals(List.of("r1", "r2"), LedgerTest.ids(bed.entries()));
            assertEquals(1, bed.ledger().unreadable());
        }
    }

    @Test
    void aSegmentOfAnotherReleaseStaysAsItIs() throws IOException {
        try (var bed = crashed(2)) {
            Path file = bed.files().getFirst();
            byte[] bytes = Files.readAllBytes(file);
            bytes[Segment.FAMILY.length] = '2';
            Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
            bed.reopen();
            bed.ledger().book(List.of(Entries.full("r3", 1)));
            assertEquals(List.of("r3"), LedgerTest.ids(bed.entries()));
            assertArrayEquals(Arrays.copyOf(bytes, bytes.length - 1), Files.readAllBytes(file));
            assertTrue(bed.told.getFirst().contains("of another release"), bed.told.toString());
            assertTrue(bed.missing.getFirst().contains("of another release"));
        }
    }

    @Test
    void aFileThatIsNoSegmentStaysAsItIs() throws IOException {
        try (var bed = crashed(1)) {
            Path file = bed.directory.resolve("1000000000000-7.ledger");
            Files.writeString(file, "somebody's words", StandardCharsets.US_ASCII);
            bed.reopen();
            assertEquals("somebody's words", Files.readString(file));
            assertEquals(List.of("r1"), LedgerTest.ids(bed.entries()));
            assertTrue(bed.told.getFirst().contains("no record of the ledger"));
        }
    }

    @Test
    void afterATornTailBookingGoesOn() throws IOException {
        try (var bed = crashed(1)) {
            Path file = bed.files().getFirst();
            Files.write(file, new byte[] {0, 0, 0, 9, 1, 2}, StandardOpenOption.APPEND);
            bed.reopen();
            bed.ledger().book(List.of(Entries.full("r2", 1)));
            assertEquals(List.of("r1", "r2"), LedgerTest.ids(bed.entries()));
        }
    }
}

package dev.pillion.sidecar.account;

import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a ledger's directory, whether or not daemons write to it, in bounded memory. */
public final class LedgerReader {
    /**
     * How much earlier than its file an attempt may have ended (a request's attempts are booked
     * when the last is over), and how much coarser than ours a file system's clock may be.
     */
    private static final Duration SLACK = Duration.ofHours(1);

    private static final int MAX_MISSING = 20;

    private final Segments segments;

    /** Of that directory, which is the {@code ledger} of a state directory. */
    public LedgerReader(Path directory) {
        this(new Segments(directory));
    }

    LedgerReader(Segments segments) {
        this.segments = segments;
    }

    /**
     * Hands on what was booked in that period, by files, in the order of their names. Blocks.
     *
     * @return what is not in it though it should be, a line each; bounded
     * @throws IOException when the directory or a file of it can't be read
     */
    public List<String> read(Period period, Consumer<Entry> each) throws IOException {
        if (!Files.isDirectory(segments.directory())) {
            throw new IOException(segments.directory() + ": is no directory (expected: a ledger)");
        }
        List<String> missing = new ArrayList<>();
        for (Segments.Found segment : segments.found()) {
            boolean before = segment.ended().plus(SLACK).isBefore(period.since());
            if (!before && segment.began().minus(SLACK).isBefore(period.until())) {
                String line = read(segment, period, each);
                if (line != null && missing.size() < MAX_MISSING) {
                    missing.add(line);
                }
            }
        }
        return missing;
    }

    private @Nullable String read(Segments.Found segment, Period period, Consumer<Entry> each)
            throws IOException {
        var taken = new Taking(period, each);
        Segment.Extent extent;
        try {
            extent = Segment.read(segment.path(), taken);
        } catch (NoSuchFileException e) {
            return null; // its time was over
        }
        boolean tornSeal = segment.sealed() && extent.isTorn();
        long places = extent.gaps() + taken.unreadable + (tornSeal ? 1 : 0);
        segments.damaged(segment.path(), places);
        if (extent.foreign()) {
            return segment.path() + ": is of another release, and was not read";
        }
        return places == 0
                ? null
                : segment.path() + ": " + places + " records or places are damaged";
    }

    /** Takes a segment's payloads. */
    private static final class Taking implements Segment.Reader {
        private final Period period;
        private final Consumer<Entry> each;
        private long unreadable;

        private Taking(Period period, Consumer<Entry> each) {
            this.period = period;
            this.each = each;
        }

        @Override
        public void payload(byte[] bytes, int offset, int length) {
            Entry entry;
            try {
                entry = EntryJson.read(Json.read(bytes, offset, length));
            } catch (MalformedJson | DateTimeException | NumberFormatException e) {
                unreadable++;
                return;
            }
            if (!entry.ts().isBefore(period.since()) && entry.ts().isBefore(period.until())) {
                each.accept(entry);
            }
        }
    }
}

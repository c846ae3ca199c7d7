package dev.pillion.sidecar.account;

import dev.pillion.protocol.wire.ByteSink;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes segments one after the other; one thread only. */
final class Appender {
    private static final Duration SEGMENT_AGE = Duration.ofDays(1);

    private final Segments segments;
    private final Ledger.Retention retention;
    private final InstantSource clock;
    private final Consumer<String> diagnostics;
    private @Nullable RandomAccessFile file;
    private Instant began = Instant.EPOCH;
    private Instant synced = Instant.EPOCH;
    private long sizeBytes;
    private boolean dirty;

    Appender(
            Segments segments,
            Ledger.Retention retention,
            InstantSource clock,
            Consumer<String> diagnostics) {
        this.segments = segments;
        this.retention = retention;
        this.clock = clock;
        this.diagnostics = diagnostics;
    }

    /** Appends whole records. After an exception none of them is there. */
    void append(ByteSink records) throws IOException {
        RandomAccessFile to = current();
        try {
            to.write(records.array(), 0, records.size());
        } catch (IOException e) {
            undo(to);
            throw e;
        }
        sizeBytes += records.size();
        dirty = true;
    }

    /** Forces to the disk what was written, where that was not done for a while. */
    void syncWhenDue() throws IOException {
        if (Duration.between(synced, clock.instant()).compareTo(Ledger.SYNC) >= 0) {
            sync();
        }
    }

    /** Takes back what was written in part; a file where that fails is not used any more. */
    private void undo(RandomAccessFile to) {
        try {
            to.setLength(sizeBytes);
            to.seek(sizeBytes);
        } catch (IOException e) {
            file = null; // its torn tail is cut when a ledger is opened here
            closeQuietly(to);
        }
    }

    /** Forces to the disk what was written. */
    void sync() throws IOException {
        if (dirty && file != null) {
            file.getFD().sync();
            dirty = false;
        }
        synced = clock.instant();
    }

    void close() throws IOException {
        sync();
        if (file != null) {
            file.close();
            file = null;
        }
    }

    private RandomAccessFile current() throws IOException {
        Instant now = clock.instant();
        RandomAccessFile open = file;
        boolean full =
                sizeBytes >= retention.segmentBytes()
                        || Duration.between(began, now).compareTo(SEGMENT_AGE) >= 0;
        if (open != null && !full) {
            return open;
        }
        close();
        prune();
        RandomAccessFile fresh = segments.create(now);
        try {
            fresh.write(Segment.HEAD);
        } catch (IOException e) {
            closeQuietly(fresh);
            throw e;
        }
        file = fresh;
        began = now;
        sizeBytes = Segment.HEAD.length;
        return fresh;
    }

    private void closeQuietly(RandomAccessFile broken) {
        try {
            broken.close();
        } catch (IOException e) {
            diagnostics.accept("pillion: ledger: " + e.getMessage());
        }
    }

    /** Deletes the oldest segments that are too old or too many. */
    void prune() throws IOException {
        Instant oldest = clock.instant().minus(retention.age());
        List<Segments.Found> found = segments.found();
        long bytes = found.stream().mapToLong(Segments.Found::bytes).sum();
        for (Segments.Found each : found) {
            boolean old = each.ended().isBefore(oldest);
            if (!old && bytes <= retention.totalBytes()) {
                return;
            }
            if (Segments.delete(each.path())) {
                bytes -= each.bytes();
                diagnostics.accept(
                        "pillion: ledger: "
                                + each.path()
                                + " is deleted: "
                                + (old
                                        ? "its records are older than the retention"
                                        : "the ledger is larger than its bound"));
            }
        }
    }
}

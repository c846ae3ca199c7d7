package dev.pillion.sidecar.account;

import dev.pillion.protocol.wire.ByteSink;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes segments one after the other; one thread only. */
final class Appender {
    private static final Duration SEGMENT_AGE = Duration.ofDays(1);

    /** A clock that goes back by more begins a segment, so that names and times stay true. */
    private static final Duration STEP_BACK = Duration.ofMinutes(1);

    private final Segments segments;
    private final Ledger.Retention retention;
    private final InstantSource clock;
    private final Consumer<String> told;
    private Claim claim;
    private @Nullable Open open;
    private Instant latest = Instant.EPOCH;
    private long syncedNanos = System.nanoTime();
    private boolean dirty;

    /** The segment that is written. */
    private static final class Open {
        private final Path path;
        private final RandomAccessFile file;
        private final Instant began;
        private long sizeBytes = Segment.HEAD.length;
        private boolean torn;

        private Open(Path path, Instant began) throws IOException {
            this.path = path;
            this.began = began;
            this.file = new RandomAccessFile(path.toFile(), "rw");
            file.seek(sizeBytes);
        }

        private void write(ByteSink records) throws IOException {
            mend();
            torn = true;
            file.write(records.array(), 0, records.size());
            torn = false;
            sizeBytes += records.size();
        }

        /** Takes back what was written in part: nothing else may come before that. */
        private void mend() throws IOException {
            if (torn) {
                file.setLength(sizeBytes);
                file.seek(sizeBytes);
                torn = false;
            }
        }
    }

    /** {@code claim} is the appender's from now on. */
    Appender(
            Segments segments,
            Claim claim,
            Ledger.Retention retention,
            InstantSource clock,
            Consumer<String> told) {
        this.segments = segments;
        this.claim = claim;
        this.retention = retention;
        this.clock = clock;
        this.told = told;
    }

    /**
     * Appends whole records. After an exception none of them counts: what was written of them is
     * taken back, now or before the next are written.
     */
    void append(ByteSink records) throws IOException {
        Open to = current();
        try {
            to.write(records);
        } catch (IOException e) {
            takeBack(to, e);
            throw e;
        }
        dirty = true;
    }

    private static void takeBack(Open from, IOException cause) {
        try {
            from.mend();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Forces to the disk what was written, where that was not done for a while. */
    void syncWhenDue() throws IOException {
        if (System.nanoTime() - syncedNanos >= Ledger.SYNC.toNanos()) {
            sync();
        }
    }

    /** Forces to the disk what was written. */
    void sync() throws IOException {
        Open from = open;
        syncedNanos = System.nanoTime();
        if (!dirty || from == null) {
            return;
        }
        dirty = false;
        try {
            from.file.getFD().sync();
        } catch (IOException e) {
            leave(from); // what a disk refused once, it may forget and then say that all is well
            throw e;
        }
    }

    /** Ends the segment, and the right to write others. */
    void close() throws IOException {
        try {
            end();
        } finally {
            claim.close();
        }
    }

    private void end() throws IOException {
        sync();
        Open done = open;
        if (done != null) {
            done.mend();
            leave(done);
            Segments.seal(done.path);
        }
    }

    private void leave(Open done) {
        open = null;
        try {
            done.file.close();
        } catch (IOException e) {
            told.accept(done.path + ": " + e.getMessage());
        }
    }

    private Open current() throws IOException {
        Instant now = clock.instant();
        Open to = open;
        if (to != null && isGone(to)) {
            told.accept(to.path + ": was removed while it was written; a new segment begins");
            leave(to);
            to = null;
        }
        if (to != null && isDone(to, now)) {
            end();
            to = null;
        }
        latest = to == null || now.isAfter(latest) ? now : latest;
        return to == null ? begin(now) : to;
    }

    private boolean isDone(Open to, Instant now) {
        return to.sizeBytes >= retention.segmentBytes()
                || Duration.between(to.began, now).compareTo(SEGMENT_AGE) >= 0
                || now.isBefore(latest.minus(STEP_BACK));
    }

    /** Whether somebody has removed the segment or the directory: no reader finds it there. */
    private boolean isGone(Open to) throws IOException {
        return !claim.stands() || !Files.exists(to.path);
    }

    private Open begin(Instant now) throws IOException {
        segments.make();
        if (!claim.stands()) {
            Claim other = Claim.lowest(segments.directory());
            claim.close();
            claim = other;
        }
        prune();
        Open fresh = new Open(segments.create(now, claim.number()), now);
        open = fresh;
        return fresh;
    }

    /** Deletes the oldest segments that are too old or too many, but none that is written. */
    void prune() throws IOException {
        Instant oldest = clock.instant().minus(retention.age());
        List<Segments.Found> found = segments.found();
        long bytes = found.stream().mapToLong(Segments.Found::bytes).sum();
        long bound = retention.totalBytes() - retention.segmentBytes();
        for (Segments.Found each : found) {
            boolean old = each.ended().isBefore(oldest);
            boolean complete = each.sealed() || each.number() == claim.number();
            if (complete && (old || bytes > bound) && Files.deleteIfExists(each.path())) {
                bytes -= each.bytes();
                told.accept(
                        each.path()
                                + " is deleted: "
                                + (old
                                        ? "its records are older than the retention"
                                        : "the ledger is larger than its bound"));
            }
        }
    }
}

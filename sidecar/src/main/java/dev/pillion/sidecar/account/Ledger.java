package dev.pillion.sidecar.account;

import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import dev.pillion.sidecar.telemetry.BatchWriter;
import dev.pillion.sidecar.telemetry.InstantText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The account of every attempt: append-only files in the state directory, written by a thread of
 * their own and synced in batches. Whoever books never waits. A killed process loses at most what
 * it booked within {@link #GATHER}, a lost machine what it booked within {@link #SYNC}; a record is
 * there once or not at all.
 */
public final class Ledger implements AutoCloseable {
    /** How long a record may wait in memory for others. */
    public static final Duration GATHER = Duration.ofMillis(10);

    /** How long a written record may wait to be forced to the disk. */
    public static final Duration SYNC = Duration.ofMillis(250);

    private static final BatchWriter.Bounds BOUNDS =
            new BatchWriter.Bounds(65_536, 4_096, GATHER, SYNC);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration SETTLE = Duration.ofSeconds(5);

    /**
     * How much is kept.
     *
     * @param segmentBytes a file is closed once it is as long
     * @param totalBytes of all files; the oldest go first
     * @param age a file is closed after a day, and goes when its last record is so old
     */
    public record Retention(long segmentBytes, long totalBytes, Duration age) {
        private static final long MAX_SEGMENT_BYTES = 16L << 20;
        private static final int MIN_SEGMENTS = 8;

        /** What comes is not kept; what is there already can be read. */
        public static final Retention NOTHING = new Retention(0, 0, Duration.ZERO);

        public static final Retention DEFAULT = of(90, 1L << 30);

        /** In files that are small beside the whole, so that little goes at once. */
        public static Retention of(int days, long totalBytes) {
            long segment = Math.min(MAX_SEGMENT_BYTES, totalBytes / MIN_SEGMENTS);
            return new Retention(segment, totalBytes, Duration.ofDays(days));
        }
    }

    /**
     * How the ledger is.
     *
     * @param since the beginning of the oldest segment; null: there is none
     * @param dropped attempts that are lost to the account
     * @param unreadable records or places that were found damaged
     * @param trouble why nothing can be written at the moment; null: all is well
     */
    public record State(
            Path directory,
            long bytes,
            int segments,
            @Nullable Instant since,
            long dropped,
            long unreadable,
            @Nullable String trouble) {}

    private final Segments segments;
    private final LedgerReader reader;
    private final Appender appender;
    private final boolean keeps;
    private final Consumer<String> told;
    private final Unpriced unpriced = new Unpriced();
    private final AtomicLong dropped = new AtomicLong();
    private final BatchWriter<List<Entry>> writer;
    private final ByteSink frames = new ByteSink(64 << 10);
    private final InstantText instants = new InstantText();
    private final ByteSink payload = new ByteSink(1 << 10);
    private volatile @Nullable String trouble;

    private Ledger(Segments segments, Appender appender, boolean keeps, Consumer<String> told) {
        this.keeps = keeps;
        this.segments = segments;
        this.reader = new LedgerReader(segments);
        this.appender = appender;
        this.told = told;
        this.writer = new BatchWriter<>("ledger", BOUNDS, new Sink());
    }

    /**
     * Opens the ledger in that directory, mending what a crash has left. Blocks.
     *
     * @param diagnostics takes a line for people at a time
     * @throws IOException when the directory can't be read or written
     */
    public static Ledger open(
            Path directory, Retention retention, InstantSource clock, Consumer<String> diagnostics)
            throws IOException {
        Consumer<String> told = line -> diagnostics.accept("pillion: ledger: " + line);
        var segments = new Segments(directory);
        segments.make();
        if (!Files.isWritable(directory)) {
            throw new IOException(directory + ": can't be written");
        }
        Claim claim = Claim.lowest(directory);
        boolean opened = false;
        try {
            new Mending(segments, told).run(claim);
            boolean keeps = !retention.equals(Retention.NOTHING);
            var appender = new Appender(segments, claim, retention, clock, told);
            if (keeps) {
                appender.prune();
            }
            opened = true;
            return new Ledger(segments, appender, keeps, told);
        } finally {
            if (!opened) {
                claim.close();
            }
        }
    }

    /** Books the attempts of one request, together. Never waits. */
    public void book(List<Entry> attempts) {
        unpriced.add(attempts);
        if (keeps && !attempts.isEmpty() && !writer.offer(attempts)) {
            dropped.addAndGet(attempts.size());
        }
    }

    /** What was used at a price that nobody knows. */
    public Unpriced unpriced() {
        return unpriced;
    }

    /** Attempts that are lost to the account: the disk refused them for too long. */
    public long dropped() {
        return dropped.get();
    }

    /** Records or places in the ledger that were found damaged. */
    public long unreadable() {
        return segments.damaged();
    }

    /** Why nothing can be written at the moment; null: all is well. */
    public @Nullable String trouble() {
        return trouble;
    }

    /** The length of its files; −1: they can't be listed. Blocks. */
    public long bytes() {
        try {
            return state().bytes();
        } catch (IOException e) {
            return -1;
        }
    }

    /** How the ledger is. Blocks. */
    public State state() throws IOException {
        List<Segments.Found> found = segments.found();
        return new State(
                segments.directory(),
                found.stream().mapToLong(Segments.Found::bytes).sum(),
                found.size(),
                found.isEmpty() ? null : found.getFirst().began(),
                dropped(),
                unreadable(),
                trouble);
    }

    /**
     * Reads what was booked in that period, all that was booked before this call included. Blocks.
     *
     * @return what is not in it though it should be, a line each; bounded
     */
    public List<String> read(Period period, Consumer<Entry> each)
            throws IOException, InterruptedException {
        boolean settled = settle();
        List<String> missing = new ArrayList<>(reader.read(period, each));
        if (!settled) {
            missing.add("what was booked lately waits to be written: " + trouble);
        }
        if (dropped() > 0) {
            missing.add(dropped() + " attempts could not be written since the daemon's start");
        }
        return missing;
    }

    /** Waits, within bounds, until what was booked is written; false: it is not. */
    boolean settle() throws InterruptedException {
        return writer.settle(SETTLE);
    }

    /** Writes and syncs what was booked. */
    @Override
    public void close() {
        writer.close();
    }

    /** Takes the batches, on the ledger's own thread. */
    private final class Sink implements BatchWriter.Sink<List<Entry>> {
        @Override
        public void write(List<List<Entry>> batch) {
            frames.reset();
            int attempts = 0;
            for (List<Entry> request : batch) {
                for (Entry entry : request) {
                    attempts += frame(entry) ? 1 : 0;
                }
            }
            while (attempts > 0 && !append(attempts)) {
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
            try {
                appender.syncWhenDue();
            } catch (IOException e) {
                tell(e); // they are written, and must not be written twice
            }
        }

        /** A full disk may have room again; only a daemon that ends gives the batch up. */
        private boolean append(int attempts) {
            try {
                appender.append(frames);
                if (trouble != null) {
                    told.accept("is written again");
                    trouble = null;
                }
                return true;
            } catch (IOException e) {
                tell(e);
                if (writer.closing()) {
                    dropped.addAndGet(attempts);
                    return true;
                }
                return false;
            }
        }

        @Override
        public void rest() {
            try {
                if (writer.closing()) {
                    appender.close();
                } else {
                    appender.sync();
                }
            } catch (IOException e) {
                tell(e);
            }
        }

        private void tell(IOException e) {
            String text = String.valueOf(e.getMessage());
            if (!text.equals(trouble)) {
                told.accept(text);
            }
            trouble = text;
        }
    }

    /** Frames the entry; false: it can't be, which costs no other its place. */
    private boolean frame(Entry entry) {
        payload.reset();
        try {
            SseWriter.json(payload, json -> EntryJson.write(json, entry, instants));
            Segment.append(frames, payload);
            return true;
        } catch (IllegalArgumentException e) {
            dropped.incrementAndGet();
            told.accept("request " + entry.requestId() + ": " + e.getMessage());
            return false;
        }
    }
}

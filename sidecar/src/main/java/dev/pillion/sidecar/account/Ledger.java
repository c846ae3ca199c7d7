package dev.pillion.sidecar.account;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseWriter;
import dev.pillion.sidecar.telemetry.BatchWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
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
    static final Duration GATHER = Duration.ofMillis(10);

    /** How long a written record may wait to be forced to the disk. */
    static final Duration SYNC = Duration.ofMillis(250);

    private static final BatchWriter.Bounds BOUNDS =
            new BatchWriter.Bounds(65_536, 4_096, GATHER, SYNC);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration SETTLE = Duration.ofSeconds(5);

    /**
     * How much earlier than its file an attempt may have ended (a request's attempts are booked
     * when the last is over), and how much coarser than ours a file system's clock may be.
     */
    private static final Duration SLACK = Duration.ofHours(1);

    /**
     * How much is kept.
     *
     * @param segmentBytes a file is closed once it is as long
     * @param totalBytes of all files; the oldest go first
     * @param age a file is closed after a day, and goes when its last record is so old
     */
    public record Retention(long segmentBytes, long totalBytes, Duration age) {
        public static final Retention DEFAULT =
                new Retention(16L << 20, 1L << 30, Duration.ofDays(90));
    }

    private final Segments segments;
    private final Appender appender;
    private final Consumer<String> diagnostics;
    private final AtomicLong unreadable = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final BatchWriter<List<Entry>> writer;
    private final ByteSink frames = new ByteSink(64 << 10);
    private final ByteSink payload = new ByteSink(1 << 10);
    private volatile @Nullable String trouble;

    private Ledger(Segments segments, Appender appender, Consumer<String> diagnostics) {
        this.segments = segments;
        this.appender = appender;
        this.diagnostics = diagnostics;
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
        var segments = new Segments(directory);
        if (!Files.isWritable(directory)) {
            throw new IOException(directory + ": can't be written");
        }
        segments.mend(line -> diagnostics.accept("pillion: ledger: " + line));
        var appender = new Appender(segments, retention, clock, diagnostics);
        appender.prune();
        return new Ledger(segments, appender, diagnostics);
    }

    /** Books the attempts of one request, together. Never waits. */
    public void book(List<Entry> attempts) {
        if (!attempts.isEmpty() && !writer.offer(attempts)) {
            dropped.addAndGet(attempts.size());
        }
    }

    /** Attempts that are lost to the account: the disk refused them for too long. */
    public long dropped() {
        return dropped.get();
    }

    /** Records that were found damaged when read. */
    public long unreadable() {
        return unreadable.get();
    }

    /** Why nothing can be written at the moment; null: all is well. */
    public @Nullable String trouble() {
        return trouble;
    }

    /**
     * Reads what was booked in that period, all that was booked before this call included. Blocks.
     */
    public void read(Period period, Consumer<Entry> each) throws IOException, InterruptedException {
        writer.settle(SETTLE);
        for (Segments.Found segment : segments.found()) {
            boolean before = segment.ended().plus(SLACK).isBefore(period.since());
            if (!before && segment.began().minus(SLACK).isBefore(period.until())) {
                Segment.read(segment.path(), bytes -> take(bytes, period, each));
            }
        }
    }

    private void take(byte[] bytes, Period period, Consumer<Entry> each) {
        Entry entry;
        try {
            JsonNode json = Json.read(bytes);
            entry = EntryJson.read(json);
        } catch (MalformedJson | DateTimeException | NumberFormatException e) {
            unreadable.incrementAndGet();
            return;
        }
        if (!entry.ts().isBefore(period.since()) && entry.ts().isBefore(period.until())) {
            each.accept(entry);
        }
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
                request.forEach(Ledger.this::frame);
                attempts += request.size();
            }
            while (!append(attempts)) {
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
                trouble = null;
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
                diagnostics.accept("pillion: ledger: " + text);
            }
            trouble = text;
        }
    }

    private void frame(Entry entry) {
        payload.reset();
        SseWriter.json(payload, json -> EntryJson.write(json, entry));
        Segment.append(frames, payload);
    }
}

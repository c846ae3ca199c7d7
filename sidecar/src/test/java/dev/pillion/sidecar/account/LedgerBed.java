package dev.pillion.sidecar.account;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A ledger in a directory of its own, which goes with it. */
public final class LedgerBed implements AutoCloseable {
    static final Period ALL = new Period(Instant.EPOCH, Instant.MAX);

    final List<String> told = Collections.synchronizedList(new ArrayList<>());
    final Path directory;

    /** What the latest reading said that it lacks. */
    List<String> missing = List.of();

    private final Ledger.Retention retention;
    private final InstantSource clock;
    private Ledger ledger;

    public LedgerBed() {
        this(new Ledger.Retention(1 << 20, 1 << 24, Duration.ofDays(90)), InstantSource.system());
    }

    LedgerBed(Ledger.Retention retention, InstantSource clock) {
        this.retention = retention;
        this.clock = clock;
        try {
            this.directory = Files.createTempDirectory("pillion-ledger");
            this.ledger = Ledger.open(directory, retention, clock, told::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Closes the ledger and opens it anew. */
    void reopen() throws IOException {
        ledger.close();
        ledger = Ledger.open(directory, retention, clock, told::add);
    }

    /** Ends the ledger as a crash does: what it wrote stays as it is, unsealed. */
    void crash() throws IOException {
        ledger.close();
        for (Path file : files()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    public List<Entry> entries() {
        return entries(ALL);
    }

    List<Entry> entries(Period period) {
        List<Entry> entries = new ArrayList<>();
        try {
            missing = ledger.read(period, entries::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return entries;
    }

    /** As the admin command has it. */
    JsonNode report(String by) {
        var report = new UsageReport(GroupBy.parse(by));
        try {
            missing = ledger.read(ALL, report::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return report.json(missing);
    }

    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".ledger")).sorted().toList();
        }
    }

    void removeFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() {
        ledger.close();
        try {
            removeFiles();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

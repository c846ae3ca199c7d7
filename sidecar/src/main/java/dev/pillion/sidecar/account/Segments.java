package dev.pillion.sidecar.account;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ledger's files. Each is named after the moment of its first record and locked by the daemon
 * that writes it, so that daemons may share a directory.
 */
final class Segments {
    private static final Pattern NAME = Pattern.compile("(\\d{13})-(\\d{1,9})\\.ledger");
    private static final int MAX_TRIES = 1_000;

    private final Path directory;

    Segments(Path directory) throws IOException {
        this.directory = directory;
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** A segment: its first record was written at {@code began}, its last at {@code ended}. */
    record Found(Path path, Instant began, Instant ended, long bytes) {}

    /** All segments, oldest first. */
    List<Found> found() throws IOException {
        List<Path> paths;
        try (Stream<Path> files = Files.list(directory)) {
            paths = files.sorted().toList();
        }
        List<Found> found = new ArrayList<>();
        for (Path path : paths) {
            Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
            if (name.matches()) {
                add(path, Instant.ofEpochMilli(Long.parseLong(name.group(1))), found);
            }
        }
        return found;
    }

    private static void add(Path path, Instant began, List<Found> found) throws IOException {
        try {
            Instant ended = Files.getLastModifiedTime(path).toInstant();
            found.add(new Found(path, began, ended, Files.size(path)));
        } catch (NoSuchFileException e) {
            return; // another daemon has just deleted it
        }
    }

    /** A new file that is locked until it is closed. */
    RandomAccessFile create(Instant now) throws IOException {
        for (int i = 0; i < MAX_TRIES; i++) {
            Path path = directory.resolve("%013d-%d.ledger".formatted(now.toEpochMilli(), i));
            try {
                Files.createFile(
                        path,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            var file = new RandomAccessFile(path.toFile(), "rw");
            if (locks(file)) {
                return file;
            }
            file.close();
        }
        throw new IOException(directory + ": no name is free for a segment of " + now);
    }

    /**
     * Cuts what a crash has left half written at the end of segments that nobody writes.
     *
     * @param told takes one line for each that was cut
     */
    void mend(Consumer<String> told) throws IOException {
        for (Found each : found()) {
            Path path = each.path();
            try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                if (!locks(file)) {
                    continue;
                }
                Segment.Extent extent = Segment.read(path, _ -> {});
                if (extent.isTorn()) {
                    told.accept(
                            path
                                    + ": "
                                    + (extent.bytes() - extent.soundBytes())
                                    + " bytes behind the last whole record ("
                                    + extent.records()
                                    + " records) are cut");
                    file.setLength(extent.soundBytes());
                    file.getFD().sync();
                }
            }
        }
    }

    /** Deletes a segment, unless a daemon writes it. */
    static boolean delete(Path segment) throws IOException {
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            return locks(file) && Files.deleteIfExists(segment);
        }
    }

    private static boolean locks(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // another ledger in this process
        }
    }
}

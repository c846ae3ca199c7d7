package dev.pillion.sidecar.account;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ledger's files. Each is named after the moment of its first record and the number that its
 * writer has claimed; one that is complete is sealed, that is, read-only. So daemons may share a
 * directory.
 */
final class Segments {
    private static final Pattern NAME = Pattern.compile("(\\d{13})-(\\d{1,9})\\.ledger");
    private static final int MAX_TRIES = 1_000;

    private final Path directory;
    private final Map<Path, Long> damaged = new ConcurrentHashMap<>();

    Segments(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** Makes the directory where it is not there. */
    void make() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    /**
     * A segment: its first record was written at {@code began}, its last at {@code ended}.
     *
     * @param number its writer's
     * @param sealed nothing more comes to it
     */
    record Found(Path path, int number, Instant began, Instant ended, long bytes, boolean sealed) {}

    /** All segments, oldest first. */
    List<Found> found() throws IOException {
        List<Path> paths;
        try (Stream<Path> files = Files.list(directory)) {
            paths = files.sorted().toList();
        }
        damaged.keySet().retainAll(paths);
        List<Found> found = new ArrayList<>();
        for (Path path : paths) {
            Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
            if (name.matches()) {
                Instant began = Instant.ofEpochMilli(Long.parseLong(name.group(1)));
                add(path, Integer.parseInt(name.group(2)), began, found);
            }
        }
        return found;
    }

    private static void add(Path path, int number, Instant began, List<Found> found)
            throws IOException {
        try {
            var file = Files.readAttributes(path, PosixFileAttributes.class);
            boolean sealed = !file.permissions().contains(PosixFilePermission.OWNER_WRITE);
            Instant ended = file.lastModifiedTime().toInstant();
            found.add(new Found(path, number, began, ended, file.size(), sealed));
        } catch (NoSuchFileException e) {
            return; // another daemon has just deleted it
        }
    }

    /** Remembers how many records or places of a segment can't be read. */
    void damaged(Path segment, long places) {
        if (places > 0) {
            damaged.put(segment, places);
        } else {
            damaged.remove(segment);
        }
    }

    /** How many records or places of the segments that are there were found damaged. */
    long damaged() {
        return damaged.values().stream().mapToLong(Long::longValue).sum();
    }

    /** A new segment's file, with its head, both on the disk. */
    Path create(Instant now, int number) throws IOException {
        make();
        for (int i = 0; i < MAX_TRIES; i++) {
            Path path =
                    directory.resolve("%013d-%d.ledger".formatted(now.toEpochMilli() + i, number));
            try {
                Files.createFile(
                        path,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            writeHead(path);
            return path;
        }
        throw new IOException(directory + ": no name is free for a segment of " + now);
    }

    private void writeHead(Path path) throws IOException {
        boolean done = false;
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(Segment.HEAD);
            file.getFD().sync();
            syncDirectory();
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(path); // a full disk is not to be filled with empty files
            }
        }
    }

    /** Without it a lost machine could lose the file's name, and all of the file. */
    private void syncDirectory() throws IOException {
        boolean interrupted = Thread.interrupted(); // it would close the channel
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (ClosedByInterruptException e) {
            interrupted = true; // the daemon ends just now: the directory's own time must do
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Says that nothing more comes to the segment. */
    static void seal(Path segment) throws IOException {
        Files.setPosixFilePermissions(segment, PosixFilePermissions.fromString("r--------"));
    }
}

package dev.pillion.sidecar.account;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to write the segments of one number, which one living daemon has at a time. It is a
 * lock on a file of its own, since a process loses its lock on a file (POSIX) as soon as it closes
 * any other reading of it.
 */
final class Claim implements AutoCloseable {
    private static final int MAX_NUMBER = 9_999;

    /** The lock files that this process has locked: it must not open them again. */
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final int number;
    private final Object key;
    private final RandomAccessFile file;

    private Claim(Path path, int number, Object key, RandomAccessFile file) {
        this.path = path;
        this.number = number;
        this.key = key;
        this.file = file;
    }

    int number() {
        return number;
    }

    /** The lowest number that nobody has. */
    static Claim lowest(Path directory) throws IOException {
        for (int number = 0; number <= MAX_NUMBER; number++) {
            Claim claim = of(directory, number);
            if (claim != null) {
                return claim;
            }
        }
        throw new IOException(
                directory + ": more than " + MAX_NUMBER + " daemons write to this ledger");
    }

    /** That number's; null: another daemon, or another ledger of this process, has it. */
    static @Nullable Claim of(Path directory, int number) throws IOException {
        Path path = directory.resolve(number + ".lock");
        make(path);
        Object key = key(path);
        if (key == null || !HELD.add(key)) {
            return null;
        }
        RandomAccessFile file = null;
        boolean locked = false;
        try {
            file = new RandomAccessFile(path.toFile(), "rw");
            locked = file.getChannel().tryLock() != null && key.equals(key(path));
            return locked ? new Claim(path, number, key, file) : null;
        } finally {
            if (!locked) {
                give(key, file);
            }
        }
    }

    private static void make(Path path) throws IOException {
        try {
            Files.createFile(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            return; // it stays there for ever, empty
        }
    }

    /** The file's identity; null: there is none. */
    private static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Whether the lock's file is still in its place; if not, another daemon may have its number.
     */
    boolean stands() throws IOException {
        return key.equals(key(path));
    }

    @Override
    public void close() throws IOException {
        give(key, file);
    }

    private static void give(Object key, @Nullable RandomAccessFile file) throws IOException {
        try {
            if (file != null) {
                file.close();
            }
        } finally {
            HELD.remove(key);
        }
    }
}
